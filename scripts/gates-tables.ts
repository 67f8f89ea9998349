import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { designNamed } from '../src/design/index.ts';
import { wholeMachine } from '../src/evaluate/composed-machine.ts';
import { modelEnergyPerMac, priceDesign } from '../src/evaluate/whole-machines.ts';
import { comparedMachines } from '../src/evaluate/gates.ts';
import { metrics } from '../src/evaluate/metrics.ts';
import { inventoryRows } from '../src/machine/mugi/synthesis/beside-inventory.ts';
import { ablationLosses, ablationRows, ablationSteps, ablationWide } from '../src/paper/ablation.ts';
import { WHOLE_BATCHES, WHOLE_DESIGNS, wholeInferences } from '../src/paper/whole-inferences.ts';
import { evaluatePoint } from '../src/question/point.ts';
import { TECHNOLOGIES } from '../src/technology/index.ts';
import { GATES, GATES_TABLE } from '../src/technology/gates.ts';
import { SPARSE_BATCH, WHOLE_BATCH } from '../src/technology/whole-machine.ts';
import { libraries, LIBRARY_OFF } from './library-tables.ts';
import { pJ, table, withTables } from './markdown-table.ts';

/**
 * The tables of docs/technologies.md and docs/verdict.md that are made from src/technology/gates.json, and that of
 * docs/ablation.md from src/paper/ablation.json, and what docs/synthesis.md counts.
 * `npm run docs:gates` writes them; a test holds the pages to them.
 */
export const GATES_PAGES = ['technologies', 'verdict', 'ablation', 'synthesis'].map(
  (page) => new URL(`../docs/${page}.md`, import.meta.url),
);

/** Every machine at every batch. */
function machines(): string {
  return table(
    '| machine | MAC a cycle | batch | products | zero delay | timed | with estimates | µm² a MAC and cycle | leakage, µW a MAC and cycle | MHz |',
    GATES_TABLE.machines.flatMap(({ machine, macs, stimuli, per_mac, area_mm2, leakage_mW, frequency_MHz }) =>
      per_mac.map(({ batch, total, timed_total, estimated_total }) => [
        `\`${machine}\``,
        String(macs),
        String(batch),
        String(stimuli),
        pJ(total),
        pJ(timed_total),
        pJ(estimated_total),
        ((area_mm2 * 1e6) / macs).toFixed(0),
        ((leakage_mW * 1e3) / macs).toFixed(1),
        frequency_MHz.toFixed(0),
      ]),
    ),
  );
}

/** The factors of each machine, and what they make of the batches that they were not taken from. */
function factors(): string {
  return table(
    '| machine | area | leakage | energy | a cycle, pJ a MAC that it has room for | energy at other batches, predicted over measured |',
    GATES_TABLE.machines.map(({ machine, macs, per_mac }) => {
      const priced = priceDesign(designNamed(machine), GATES);
      const { area, leakage, energy, cycle } = priced.whole!;
      const others = per_mac
        .filter(({ batch }) => batch !== WHOLE_BATCH && (batch !== SPARSE_BATCH || cycle === 0))
        .map(
          ({ batch, estimated_total }) =>
            `${(modelEnergyPerMac(priced, batch) / estimated_total).toFixed(2)} at ${batch}`,
        );
      const slot = pJ((cycle * 1e3) / macs);
      return [`\`${machine}\``, pJ(area), pJ(leakage), pJ(energy), slot, others.join(', ') || '–'];
    }),
  );
}

/** What the law for sizes says of a machine that was measured, over what was: as if it had not been. */
interface LeftOut {
  machine: string;
  area: number;
  leakage: number;
  /** By batch. */
  energy: ReadonlyMap<number, number>;
}

/** Each machine that has another one of its kind. */
export function leftOut(): LeftOut[] {
  const machines = GATES.machines!;
  return machines.rows.flatMap((row) => {
    const without = { ...machines, rows: machines.rows.filter((other) => other !== row) };
    const said = wholeMachine(without, row);
    if (said === undefined) return [];
    const measured = wholeMachine(machines, row)!;
    return [
      {
        machine: row.machine,
        area: said.area_mm2 / measured.area_mm2,
        leakage: said.leakage_mW / measured.leakage_mW,
        energy: new Map([...said.energy].map(([batch, pJs]) => [batch, pJs / measured.energy.get(batch)!])),
      },
    ];
  });
}

const sizes = (): string =>
  table(
    '| left out | area | leakage | energy at batch 8 | at 1 |',
    leftOut().map(({ machine, area, leakage, energy }) => [
      `\`${machine}\``,
      pJ(area),
      pJ(leakage),
      ...[WHOLE_BATCH, SPARSE_BATCH].map((batch) => pJ(energy.get(batch)!)),
    ]),
  );

/** Share by which glitches may be off (docs/verdict.md). */
export const GLITCHES_OFF = 0.3;

/** The machines of 256 multiply-accumulates a cycle at batch 8, with the interval over library, glitches and wires. */
function verdict(): string {
  const largest = comparedMachines();
  const [mugi] = largest.filter(({ machine }) => machine.startsWith('mugi-'));
  const at8 = ({ per_mac }: (typeof largest)[number]) => per_mac.find(({ batch }) => batch === WHOLE_BATCH)!;
  return table(
    '| machine | pJ a MAC, zero delay | with estimates | interval | over Mugi | mm² | over Mugi |',
    largest.map((row) => {
      const { total, glitches, estimated_total } = at8(row);
      const [low, high] = [total * (1 - LIBRARY_OFF), estimated_total + GLITCHES_OFF * glitches];
      return [
        `\`${row.machine}\``,
        pJ(total),
        pJ(estimated_total),
        `${pJ(low)} to ${pJ(high)}`,
        pJ(estimated_total / at8(mugi).estimated_total),
        row.area_mm2.toFixed(3),
        pJ(row.area_mm2 / mugi.area_mm2),
      ];
    }),
  );
}

/** Whole inferences by each source of cost: Llama 2 70B, batch 8, 4096 tokens. */
function inferences(): string {
  const designs = [
    'mugi-256',
    'sa-8x32-os',
    'sa-16-os',
    'sd-16',
    'carat-256',
    'sa-f-16',
    'sd-f-16',
    'pick-8x32',
  ];
  return table(
    '| design | tokens per joule on chip: published, open-45, gates | with DRAM: gates | mm², gates | tokens/s/mm², gates |',
    designs.map((design) => {
      const of = TECHNOLOGIES.map((technology) =>
        metrics(evaluatePoint({ design, model: 'llama-2-70b', technology })),
      );
      const gates = of[of.length - 1];
      return [
        `\`${design}\``,
        of.map(({ tokens_per_J }) => pJ(tokens_per_J)).join(', '),
        (1 / gates.energy_per_token_with_dram_J).toFixed(2),
        pJ(gates.area_mm2),
        (gates.tokens_per_s / gates.area_mm2).toFixed(2),
      ];
    }),
  );
}

/** Whole inferences on the arrays of the ablation, as many multiply-accumulates a cycle each. */
function models(): string {
  const all = wholeInferences();
  const of = (design: string) => all.filter((one) => one.design === design);
  const mugi = of(WHOLE_DESIGNS[0]);
  const full = WHOLE_BATCHES.indexOf(WHOLE_BATCH);
  return table(
    `| design | tokens per joule on chip, batch ${WHOLE_BATCHES.join(', ')} | over Mugi | with DRAM | over Mugi | tokens/s, batch ${WHOLE_BATCH} | mm² |`,
    WHOLE_DESIGNS.map((design) => {
      const own = of(design);
      const each = (key: 'tokens_per_J' | 'tokens_per_J_with_dram') => [
        own.map((one) => pJ(one[key])).join(', '),
        own.map((one, i) => pJ(one[key] / mugi[i][key])).join(', '),
      ];
      const { tokens_per_s, area_mm2 } = own[full];
      return [
        `\`${design}\``,
        ...each('tokens_per_J'),
        ...each('tokens_per_J_with_dram'),
        pJ(tokens_per_s),
        pJ(area_mm2),
      ];
    }),
  );
}

/** What the three arithmetics of the ablation lose, a line each. */
function losses(): string {
  const models = [...new Set(ablationLosses().map(({ model }) => model))];
  const kinds = ablationLosses().filter(({ model }) => model === models[0]);
  return table(
    `| sums | a row adds | ${models.map((model) => `loss − stored of ${model}`).join(' | ')} |`,
    kinds.map(({ sums, flows }) => [
      sums,
      flows.join(', '),
      ...models.map((model) => {
        const own = ablationLosses().find(
          (one) => one.model === model && one.sums === sums && one.flows[0] === flows[0],
        )!;
        return `${own.increase.toFixed(4)} ± ${own.half_width.toFixed(4)}`;
      }),
    ]),
  );
}

/** Rows of every kind: `mugi paper ablation`. */
function kinds(): string {
  return table(
    '| sums | a row adds | products by | pJ a MAC, zero delay | timed | with estimates | µm² a MAC and cycle | MHz |',
    ablationRows().map((row) => [
      row.sums,
      row.flow,
      row.pick,
      pJ(row.zero_delay_pJ),
      pJ(row.timed_pJ),
      pJ(row.with_estimates_pJ),
      row.area_per_mac_um2.toFixed(0),
      row.MHz.toFixed(0),
    ]),
  );
}

/** The best kinds with few rows and with many. */
const wide = (): string =>
  table(
    '| products by | MAC a cycle | pJ a MAC, zero delay | timed | with estimates | µm² a MAC and cycle |',
    ablationWide().map((row) => [
      row.pick,
      String(row.macs),
      pJ(row.zero_delay_pJ),
      pJ(row.timed_pJ),
      pJ(row.with_estimates_pJ),
      row.area_per_mac_um2.toFixed(0),
    ]),
  );

/** What each choice is worth, all else equal. */
const worths = (): string =>
  table(
    '| from | to | pairs | energy, zero delay | energy, timed | area |',
    ablationSteps().map(({ from, to, pairs, zero, timed, area }) => [
      from,
      to,
      String(pairs),
      pJ(zero),
      pJ(timed),
      pJ(area),
    ]),
  );

/** The published inventory of a node beside what ours is composed of. */
const inventories = (): string =>
  table(
    '| group | BF16 adders | BF16 multipliers | bits | difference |',
    inventoryRows(256).map((row) => [
      `\`${row.group}\``,
      `${row.published_adders}, ${row.adders}`,
      `${row.published_multipliers}, ${row.multipliers}`,
      `${row.published_bits}, ${row.bits}`,
      row.note,
    ]),
  );

const TABLES: Readonly<Record<string, () => string>> = {
  machines,
  factors,
  sizes,
  verdict,
  libraries,
  inferences,
  ablation: kinds,
  losses,
  models,
  wide,
  worth: worths,
  inventory: inventories,
};

/** A page with its tables as they are now; those that it has not are left out. */
export const withGatesTables = (page: string): string => withTables(page, 'gates', TABLES);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const page of GATES_PAGES) writeFileSync(page, withGatesTables(readFileSync(page, 'utf8')));
}
