import { fromBits, hex } from '../../../src/number/bf16.ts';
import type { Moment, Pick, Read } from '../../../src/machine/mugi/view/moment.ts';
import { readable } from '../../../src/present/readable.ts';

/** A BF16 pattern as its number and its bits. */
export const shownBits = (bits: number): string => `${readable(fromBits(bits))} (0x${hex(bits)})`;

/** A moment as a heading and the sentence that explains it. */
export const told = (moment: Moment): { title: string; text: string } =>
  moment.kind === 'pick' ? pickTold(moment) : readTold(moment);

function readTold(moment: Read): { title: string; text: string } {
  const { column } = moment;
  if (moment.kind === 'result') {
    return {
      title: `Result from column ${column}`,
      text: `The exponent of the row’s value is that of column ${column}: post-processing takes ${shownBits(moment.value)} from the slot, which the spike filled in cycle ${moment.picked}.`,
    };
  }
  const begin =
    moment.before === undefined
      ? 'begins the sum anew'
      : `is added to the sum of ${shownBits(moment.before)}`;
  return {
    title: `Sum of column ${column}`,
    text: `Slot ${column} is read: its product, picked in cycle ${moment.picked}, joins the sign of the weight, which gives ${shownBits(moment.value)}, and ${begin}.`,
  };
}

function pickTold(moment: Pick): { title: string; text: string } {
  const { column, magnitude, negative, value, once, exponent, own, spiked, entered } = moment;
  if (moment.lookup) {
    return {
      title: `Entry ${magnitude} of column ${column}`,
      text: `The mantissa of ${shownBits(entered)} rounds to ${magnitude} eighths, so the spike meets row ${magnitude} of the table. On column ${column} stands its entry of exponent ${exponent - 127}: ${shownBits(value)}. ${own ? 'That is the exponent of the value: this entry is its result.' : 'The value has another exponent: the slot fills, and nobody reads it.'}`,
    };
  }
  const weight = negative ? -magnitude : magnitude;
  const additions =
    magnitude === 0
      ? `The bus of column ${column} carries 0 before the first addition`
      : `After ${magnitude === 1 ? 'one addition' : `${magnitude} additions`} of ${shownBits(once)} the bus of column ${column} carries ${shownBits(value)}`;
  return {
    title: `Product ${weight} × ${readable(fromBits(once))}`,
    text: `The weight ${weight} spikes ${magnitude} ${magnitude === 1 ? 'cycle' : 'cycles'} into its frame (cycle ${spiked} at column 0). ${additions}, and the slot takes it: no multiplier. ${negative ? 'Its sign joins when the slot is read.' : ''}`.trimEnd(),
  };
}
