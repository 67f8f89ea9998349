import type { Sources } from '../../question/point.ts';

export type Schema = Readonly<Record<string, unknown>>;
export type Given = Readonly<Record<string, unknown>>;

/** What an agent may call: never writes, and reads no file but those of `sources`. */
export interface Tool {
  name: string;
  description: string;
  /** JSON Schemas of its arguments. */
  properties: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  run(given: Given, sources: Sources): object | Promise<object>;
}
