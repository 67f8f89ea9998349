/**
 * Writes src/paper/ablation.json: rows of every kind (`src/machine/reuse`) on gates, mapped, clock-gated, buffered and measured
 * as the rivals are, on the same products at batch 8; two of them with more rows; a small machine that a test measures again; and
 * the losses of what they compute. Deterministic; ten to twenty minutes. Names such as `space-dot-integer-64`, or `losses`, make
 * those alone and keep the rest. Run it again when library, synthesis, policy or rows have changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ArithmeticLosses } from '../src/accuracy/study/arithmetic-losses.ts';
import { layerStimulus } from '../src/cli/source/layer-stimulus.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { sixDigits } from '../src/hardware/synthesis/digits.ts';
import { POLICY } from '../src/hardware/synthesis/policy.ts';
import {
  ABLATION_MACS,
  type AblationRow,
  ablationRow,
  CHECKED,
  WIDE,
} from '../src/machine/reuse/ablation.ts';
import { rowArithmetic } from '../src/machine/reuse/arithmetic.ts';
import { reuseShape, ROW_KINDS } from '../src/machine/reuse/shape.ts';
import { rowName } from '../src/machine/reuse/reuse-machine.ts';
import { openModel } from '../src/model/load.ts';

const TARGETS = 4096;
const MODELS = ['mugi-tiny', 'mugi-tiny-gelu'];

const target = fileURLToPath(new URL('../src/paper/ablation.json', import.meta.url));
const liberty = open45Liberty();
const asked = process.argv.slice(2);
const wanted = (name: string): boolean => asked.length === 0 || asked.includes(name);

interface Loss {
  model: string;
  sums: string;
  flows: string[];
  /** Above the stored model, and half the width of its 95 % interval. */
  increase: number;
  half_width: number;
}
const kept: { rows: AblationRow[]; wide: AblationRow[]; checked?: AblationRow; losses: Loss[] } = existsSync(
  target,
)
  ? (JSON.parse(readFileSync(target, 'utf8')) as {
      rows: AblationRow[];
      wide: AblationRow[];
      checked: AblationRow;
      losses: Loss[];
    })
  : { rows: [], wide: [], losses: [] };
const rows = new Map(
  [...kept.rows, ...kept.wide, ...(kept.checked ? [kept.checked] : [])].map((row) => [row.machine, row]),
);
let losses = kept.losses;
const stimulus = await layerStimulus();

const write = (): void => {
  const table = {
    library: 'open-45',
    library_sha256: createHash('sha256').update(liberty).digest('hex'),
    stimulus: stimulus.name,
    policy: POLICY,
    rows: ROW_KINDS.flatMap((kind) => rows.get(rowName(kind, ABLATION_MACS)) ?? []),
    wide: WIDE.kinds.flatMap((kind) => rows.get(rowName(kind, WIDE.macs)) ?? []),
    checked: rows.get(rowName(CHECKED.kind, CHECKED.macs)),
    loss_targets: TARGETS,
    losses,
  };
  writeFileSync(target, `${JSON.stringify(table, null, 2)}\n`);
};

const machines = [
  ...ROW_KINDS.map((kind) => ({ kind, macs: ABLATION_MACS })),
  ...WIDE.kinds.map((kind) => ({ kind, macs: WIDE.macs })),
  CHECKED,
];
for (const { kind, macs } of machines) {
  if (!wanted(rowName(kind, macs))) continue;
  const row = await ablationRow(kind, macs, liberty, stimulus);
  rows.set(row.machine, row);
  console.error(JSON.stringify(row));
  write();
}

if (wanted('losses')) {
  losses = [];
  const all = [
    { sums: 'bf16', flows: ['outer', 'inner'] },
    { sums: 'bf16', flows: ['dot'] },
    { sums: 'integer', flows: ['outer', 'inner', 'dot'] },
  ].map((one) => {
    const kind = ROW_KINDS.find(({ sums, flow }) => sums === one.sums && flow === one.flows[0])!;
    const { columns } = reuseShape(kind, ABLATION_MACS);
    const products = rowArithmetic(kind, columns);
    return { ...one, computed: { functions: 'precise', products, activations: 'bf16', group: 256 } as const };
  });
  for (const model of MODELS) {
    const measured = await ArithmeticLosses.open(await openModel(model), {
      head: 'stored',
      tokens: TARGETS,
      seed: 1,
      fresh: true,
    });
    const steps = measured.targets.length;
    await measured.measure(
      all.map(({ computed }) => computed),
      steps,
    );
    for (const { sums, flows, computed } of all) {
      const { mean, ci95 } = measured.increase(computed, steps);
      losses.push({ model, sums, flows, increase: sixDigits(mean), half_width: sixDigits(ci95) });
    }
  }
  write();
}
