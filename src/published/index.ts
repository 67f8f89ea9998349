import { bandwidth } from './bandwidth.ts';
import { carbon } from './carbon.ts';
import { causalPrefill } from './causal-prefill.ts';
import { decodeRepeats } from './decode-repeats.ts';
import { doubleCount } from './double-count.ts';
import { energyPerToken } from './energy-per-token.ts';
import { fignaInteger } from './figna-integer.ts';
import { fillDrain } from './fill-drain.ts';
import { gateProducts } from './gate-products.ts';
import { kvWrites } from './kv-writes.ts';
import { laneCounts } from './lane-counts.ts';
import { lutWords } from './lut-words.ts';
import { macCounts } from './mac-counts.ts';
import { maxTreeWidth } from './max-tree-width.ts';
import { meanOfThree } from './mean-of-three.ts';
import { mesh } from './mesh.ts';
import { nocCounts } from './noc-counts.ts';
import { nocEnergy } from './noc-energy.ts';
import { nodeCycles } from './node-cycles.ts';
import { norms } from './norms.ts';
import { residuals } from './residuals.ts';
import { rope } from './rope.ts';
import { routerWidths } from './router-widths.ts';
import { scales } from './scales.ts';
import { softmaxMax } from './softmax-max.ts';
import { sramSize } from './sram-size.ts';
import { sramTiles } from './sram-tiles.ts';
import { sums } from './sums.ts';
import { systolicControl } from './systolic-control.ts';
import { wholeCounts } from './whole-counts.ts';

/**
 * The published model: the model of the hardware with all of these. Found by reading the authors' artifact (ArchX,
 * branch asplos_2026_ae) against the paper. Changes are applied last first: a later one takes back what an earlier
 * one then finds (`node-cycles` before `fill-drain` and `softmax-max`, `figna-integer` before `lane-counts`).
 */
export const QUIRKS = [
  decodeRepeats,
  maxTreeWidth,
  bandwidth,
  routerWidths,
  nocEnergy,
  nocCounts,
  laneCounts,
  macCounts,
  carbon,
  energyPerToken,
  meanOfThree,
  sramTiles,
  sramSize,
  softmaxMax,
  lutWords,
  systolicControl,
  fignaInteger,
  doubleCount,
  wholeCounts,
  fillDrain,
  nodeCycles,
  norms,
  rope,
  residuals,
  gateProducts,
  causalPrefill,
  kvWrites,
  sums,
  scales,
  mesh,
] as const;

/** A switch: on, the quirk of its name is repaired. */
export type Repair = (typeof QUIRKS)[number]['name'];
