import { namedFamily } from '../../design/index.ts';
import { MugiError } from '../../errors.ts';
import { sourceOf } from '../../question/text.ts';
import { designFile } from '../../source/design.ts';
import type { VlpSwitches } from '../../vlp/switches.ts';

/**
 * A design with switches of VLP, as a question names it: itself without any, else its base with their keys, so that whatever
 * takes a design takes these.
 */
export function switchedDesign(design: string | object, switches: Partial<VlpSwitches>): string | object {
  const set = Object.entries(switches);
  if (set.length === 0) return design;
  const asked = typeof design === 'string' ? sourceOf('design', design) : design;
  if (typeof asked === 'object') return { ...asked, ...switches };
  if (designFile(asked) !== undefined) {
    const [[name, value]] = set;
    throw new MugiError({
      code: 'invalid-value',
      message: `${name} beside a design file: the file says what the design does`,
      path: name,
      expected: `${name}: ${value} in the file`,
      received: asked,
    });
  }
  // A name that is none is refused as the design that was asked for, not as the base of one.
  namedFamily(asked);
  const name = [asked.trim().replace(/@.*/, ''), ...set.map(([key, value]) => `${key}-${value}`)].join('-');
  return { base: asked, name: name.slice(0, 64), ...switches };
}
