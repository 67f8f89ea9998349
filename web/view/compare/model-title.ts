import { MODELS } from '../../../src/workload/models.ts';

/** A model for people: its built-in title, or the kind of a configuration that was dropped. */
export function modelTitle(model: string | object): string {
  if (typeof model === 'string') return MODELS.find(({ name }) => name === model)?.title ?? model;
  const type: unknown = Reflect.get(model, 'model_type');
  return typeof type === 'string' ? `Your model (${type})` : 'Your model';
}
