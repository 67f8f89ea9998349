import type { Evaluation } from '../evaluate/evaluation.ts';
import { designName } from '../evaluate/metrics.ts';
import { priceNotes } from '../evaluate/price-notes.ts';
import { scaleSimNote } from '../evaluate/scale-sim.ts';
import { headAt } from '../vlp/arithmetic.ts';
import { headBitsOf } from '../workload/head-bits.ts';
import type { ComparedAccuracy } from './loss-text.ts';

/** What holds of every comparison. */
export const SCOPE = [
  'Energy stands with DRAM and on chip; power, area and carbon are on chip.',
  'Operators run one after another; nothing is fused, every operator reads its inputs from DRAM and writes its results there.',
] as const;

/** What a reader of a comparison has to know beside its numbers. */
export function notesOf(evaluations: readonly Evaluation[]): string[] {
  const { preset, workload } = evaluations[0];
  const notes = [...workload.notes];
  const named = (test: (evaluation: Evaluation) => boolean): string =>
    evaluations.filter(test).map(designName).join(', ');
  if (preset.repairs['fill-drain']) {
    const stationary = named(({ priced }) => {
      const { pipeline } = priced.design.array;
      // With a second register, a fold's weights enter while the one before runs.
      return pipeline.kind === 'weight-stationary' && pipeline.registers !== 2;
    });
    if (stationary !== '') {
      notes.push(
        `${stationary}: weight stationary as in the paper's Table 2, so every fold pays 2R + M + C − 2 cycles; with M = batch in decode that is mostly fill and drain. The -os designs are the same hardware output stationary, the fairer baseline.`,
      );
    }
  }
  for (const evaluation of evaluations) {
    if (evaluation.searched !== undefined) notes.push(`${designName(evaluation)}: ${evaluation.searched}.`);
  }
  const unsearched = named(({ searched }) => searched === undefined);
  if (unsearched !== '' && evaluations.some(({ searched }) => searched !== undefined))
    notes.push(`${unsearched}: as named, not searched.`);
  for (const evaluation of evaluations) {
    const scaleSim = scaleSimNote(evaluation);
    if (scaleSim !== undefined) notes.push(`${designName(evaluation)}: ${scaleSim}.`);
  }
  for (const note of new Set(evaluations.flatMap(({ priced }) => priceNotes(priced)))) {
    const whose = named(({ priced }) => priceNotes(priced).includes(note));
    notes.push(`${whose}: ${note}.`);
  }
  const ours = named(({ priced }) => priced.design.provenance !== 'published');
  if (ours !== '') notes.push(`${ours}: not priced by the paper; extrapolated by its rules or ours.`);
  return notes;
}

/** Bits of an output matrix as checkpoints store it. */
const STORED_BITS = 16;

/** What the measured losses are of, and what is in them. */
export function accuracyNotes(evaluations: readonly Evaluation[], measured: ComparedAccuracy): string[] {
  const { model, targets, data, own } = measured;
  const used = (method: string) => evaluations.some(({ priced }) => priced.design.method === method);
  const whose = own
    ? `of ${model} itself`
    : `of ${model}, not of ${evaluations[0].workload.model}, whose hardware is compared`;
  const notes = [
    `loss − stored is ${whose}: all that a design does (nonlinear functions, INT4 weights, keys and values, BF16 activations and sums, each as the design has it) above the stored model in FP32; nats per target, ${targets} targets of the ${data} text, ± a 95 % interval of the paired difference; “tie” means indistinguishable.`,
  ];
  if (measured.increases.some(({ computed }) => computed === undefined))
    notes.push(
      'The file of the losses names methods, not designs: they are of the arithmetic of one design, and sums, groups and switches of others may differ.',
    );
  const bits = headBitsOf(evaluations[0].workload);
  if (bits !== undefined && headAt(bits) === 'stored' && bits < STORED_BITS)
    notes.push(`The output matrix is priced at ${bits} bits and measured as stored.`);
  if (used('lut'))
    notes.push(
      'method lut is measured as vlp: its tables hold the entries that VLP selects; they differ where exponents of a group span more than eight.',
    );
  if (used('taylor'))
    notes.push('method taylor replaces the exponential only; the activation was measured exact.');
  return notes;
}
