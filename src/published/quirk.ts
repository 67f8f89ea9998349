import type { Change } from '../evaluate/evaluation.ts';

/** One difference between the published model and the model of the hardware. Its switch is named after the repair. */
export interface Quirk extends Partial<Omit<Change, 'omits'>> {
  omits?: readonly Change['omits'][];
  /** Name of the switch, as in `--with NAME`. */
  name: string;
  /** What the published model does. */
  published: string;
  /** What the hardware does. */
  repaired: string;
  /** Logic class that the repaired design is made of; the quirk stays where the technology has no price for it. */
  needs?: string;
  /** What is priced in its place then, and what that means for a number. */
  instead?: string;
}
