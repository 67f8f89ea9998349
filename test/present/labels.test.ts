import { expect, it } from 'vitest';
import { liftsOf } from '../../src/present/labels.ts';

it('lifts a label by as many lines as lie in its place, and no other', () => {
  const at = (from: number, to: number, height: number) => ({ from, to, at: height });
  expect(liftsOf([at(0, 1, 0), at(2, 3, 0), at(0.5, 1.5, 1)], 0.5)).toEqual([0, 0, 0]);
  expect(liftsOf([at(0, 1, 0), at(0.5, 1.5, 0.1), at(0.9, 2, 0.2), at(1.2, 2, 0)], 0.5)).toEqual([
    0, 1, 2, 0,
  ]);
});
