import type { Model } from '../workload/model.ts';
import { modelNamed } from '../workload/models.ts';

/** The model that a user names. */
export function loadModel(name: string): Model {
  return modelNamed(name);
}
