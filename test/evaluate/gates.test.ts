import { expect, it } from 'vitest';
import { peakMacs } from '../../src/design/design.ts';
import { stepEnergyPerMac } from '../../src/evaluate/gates.ts';
import { preset } from '../../src/published/preset.ts';
import { pricedDesign } from '../../src/question/point.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';

it.each(['sa-16', 'sd-16', 'tensor'])('a step of %s is shared by all products that it makes', (name) => {
  const priced = pricedDesign(name, preset('corrected'), PUBLISHED_45);
  // Weights of a MAC array stay for a tile, so that a step loads inputs and multiplies.
  const step = priced.eventEnergy['input load']! + priced.eventEnergy.array!;
  expect(stepEnergyPerMac(priced)).toBeCloseTo((step * 1e3) / peakMacs(priced.design), 12);
});
