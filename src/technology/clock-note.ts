import { type Hertz, megahertzOf, periodOf } from '../units.ts';
import type { Technology } from './technology.ts';

const readable = (clock: Hertz): string => `${Number(megahertzOf(clock).toPrecision(6))} MHz`;

/**
 * What is not known of a design at a clock that its parts were not made for; nothing where they were. Memories are not
 * named: an access takes as many cycles as CACTI's cycle time asks for.
 * @param classes logic classes of the design's parts
 */
export function clockNote(technology: Technology, classes: readonly string[]): string[] {
  const { name, clock, pricedAt, logic } = technology;
  if (pricedAt === undefined || clock === pricedAt) return [];
  const begin = `technology ${name} prices parts made for ${readable(pricedAt)}; at ${readable(clock)} the energy of each use, leakage and area are taken to be the same`;
  if (clock < pricedAt) return [`${begin}, though parts for a slower clock may be smaller`];
  const period = periodOf(clock);
  const parts = [...new Set(classes)].map((one) => ({ one, period: logic[one]?.period_ns }));
  const late = parts.filter((part) => part.period !== undefined && part.period > period);
  if (late.length > 0) {
    const slow = late
      .sort((a, b) => b.period! - a.period!)
      .map((part) => `${part.one} (${part.period!.toFixed(2)} ns)`);
    return [`${begin}, but as synthesised these do not meet it: ${slow.join(', ')}`];
  }
  const unknown = parts.some((part) => part.period === undefined);
  return [`${begin}${unknown ? ', and nothing says that they meet it' : ', and each part alone meets it'}`];
}
