import type { AnyModule } from '../../../src/hardware/index.ts';
import { nodeModule } from '../../../src/machine/mugi/node-module.ts';
import { nodeUnits } from '../../../src/machine/mugi/units.ts';
import { ROWS_PER_LANE } from '../../../src/machine/mugi/unit/vector-unit.ts';
import type { AnyUnit } from '../../../src/machine/unit.ts';

/** Every instance of the units in a node, with its path in the RTL. */
export function unitInstances(rows: number): { path: string; unit: AnyUnit }[] {
  const units = new Map(nodeUnits(rows / ROWS_PER_LANE).map((unit) => [unit.name, unit]));
  const found: { path: string; unit: AnyUnit }[] = [];
  const visit = (module: AnyModule, path: string): void => {
    for (const { name, module: child } of module.body.instances) {
      const unit = units.get(child.name);
      if (unit !== undefined) found.push({ path: `${path}${name}.`, unit });
      visit(child, `${path}${name}.`);
    }
  };
  visit(nodeModule(rows), '');
  return found;
}
