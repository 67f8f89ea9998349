import { describe, expect, it } from 'vitest';
import { termsAt } from '../../src/technology/composition.ts';
import { GATES_TABLE } from '../../src/technology/gates.ts';
import { unitsOf } from '../../src/machine/whole/composition.ts';
import { compositions } from '../../src/machine/whole/compositions.ts';
import { CARAT_KIND } from '../../src/machine/whole/machines.ts';
import { NODE_KIND, subjectNamed } from '../../src/machine/whole/measure.ts';

/** Sizes that no term was found from. */
const ARRAYS = ['16x48', '64x20', '8x5', '32'];
const OTHER: Readonly<Record<string, readonly string[]>> = {
  [NODE_KIND]: ['8', '128'],
  [CARAT_KIND]: ['24', '136'],
};

describe('what machines of a kind are composed of', () => {
  it('is what the table says', () => {
    expect(GATES_TABLE.compositions).toEqual(compositions());
  });

  it.each(GATES_TABLE.compositions.map((composition) => [composition.kind, composition] as const))(
    'is counted at other sizes of %s',
    (kind, { units }) => {
      for (const size of OTHER[kind] ?? ARRAYS) {
        const name = kind.replace('{size}', size);
        const { module, sides } = subjectNamed(name);
        const counted = unitsOf(module);
        expect([...counted.keys()].toSorted(), name).toEqual(units.map(({ unit }) => unit).toSorted());
        for (const { unit, instances, gates } of units) {
          const own = counted.get(unit)!;
          expect(termsAt(instances, sides), `${name} ${unit}`).toBeCloseTo(own.instances, 6);
          // The search tree of Mugi's E-proc has a step at each power of two.
          expect(Math.abs(termsAt(gates, sides) - own.gates), `${name} ${unit}`).toBeLessThan(
            unit === 'e_proc' ? 0.002 * own.gates : 1e-6 * own.gates + 1e-6,
          );
        }
      }
    },
  );
});
