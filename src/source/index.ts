import type { Sources } from '../question/point.ts';
import { loadDesign } from './design.ts';
import { loadModel } from './model.ts';

/** What a name or path stands for: something built in, or a file. */
export const FILES: Sources = { model: loadModel, design: loadDesign };
