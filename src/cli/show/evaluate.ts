import { peakMacs } from '../../design/design.ts';
import { operatorShape } from '../../compare/operator-shape.ts';
import { type ComponentUse, componentUse } from '../../evaluate/components.ts';
import type { Evaluation } from '../../evaluate/evaluation.ts';
import { eventCounts, loads, sramAccesses } from '../../evaluate/execute/execution.ts';
import { gatesNote } from '../../evaluate/gates.ts';
import { roofOf } from '../../evaluate/parts/figure.ts';
import { partsText } from '../../evaluate/parts/mesh.ts';
import { designName, type Metrics, metrics, metricsOf } from '../../evaluate/metrics.ts';
import { notesOf } from '../../evaluate/price-notes.ts';
import { scaleSimCycles, scaleSimLayer } from '../../evaluate/scale-sim.ts';
import { timeShare } from '../../evaluate/share.ts';
import type { Row } from '../../present/csv.ts';
import { percent, readable } from '../../present/readable.ts';
import { duration, withUnit } from '../../present/si.ts';
import { textTable } from '../../present/table.ts';
import { textWidth, wrapped } from '../../present/terminal.ts';
import { commandLines } from '../../question/shell.ts';
import { GROUPS } from '../../workload/operator.ts';
import { version } from '../../version.ts';
import { boundsText } from '../../compare/bounds.ts';

/** The operator at `index` as a long-form row. */
function operatorRow(evaluation: Evaluation, index: number): Row {
  const { operator, cycles, bound, work, time, energy, utilisation } = evaluation.operators[index];
  const { input, weight, output } = work.dram;
  return {
    design: designName(evaluation),
    model: evaluation.workload.model,
    operator: operator.name,
    kind: operator.kind,
    group: operator.group,
    phase: operator.phase,
    shape: operatorShape(operator),
    repeat: operator.repeat,
    layers: operator.layers,
    cycles,
    time_s: time,
    time_share: timeShare(time, evaluation),
    bound,
    macs: work.macs,
    utilisation,
    energy_J: energy,
    dram_bits: input + weight + output,
    dram_input_bits: input,
    dram_weight_bits: weight,
    dram_output_bits: output,
    sram_reads: sramAccesses(work).reads,
    sram_writes: sramAccesses(work).writes,
    ...ofTopology(scaleSimLayer(evaluation.operators[index], evaluation.workload, evaluation.priced)),
    ...(work.mesh === undefined
      ? {}
      : {
          mesh: partsText(work.mesh),
          mesh_nodes: work.mesh.nodes,
          mesh_balance: work.mesh.balance,
          link_bits: work.link * operator.repeat * operator.layers,
          bit_hops: work.routing,
        }),
  };
}

const ofTopology = (cycles: number | undefined): Row =>
  cycles === undefined ? {} : { scale_sim_cycles: cycles };

/** What adds up over operators; utilisation is of the whole time. Energy is dynamic, as in the rows. */
function totalRow(evaluation: Evaluation, rows: readonly Row[]): Row {
  const { priced, workload, total } = evaluation;
  const sum = (column: string): number => rows.reduce((all, row) => all + Number(row[column]), 0);
  const cycles = sum('cycles');
  return {
    design: designName({ priced }),
    model: workload.model,
    operator: 'total',
    kind: 'total',
    cycles,
    time_s: total.time,
    time_share: timeShare(total.time, evaluation),
    macs: total.macs,
    utilisation: cycles > 0 ? total.macs / (peakMacs(priced.design) * cycles) : 0,
    energy_J: total.energy,
    dram_bits: sum('dram_bits'),
    dram_input_bits: sum('dram_input_bits'),
    dram_weight_bits: sum('dram_weight_bits'),
    dram_output_bits: sum('dram_output_bits'),
    sram_reads: sum('sram_reads'),
    sram_writes: sum('sram_writes'),
    ...ofTopology(scaleSimCycles(evaluation)?.compute_cycles),
  };
}

/** Everything about one design, as JSON. */
export function evaluationJson(evaluation: Evaluation): object {
  const { groups, operators, priced } = evaluation;
  const scaleSim = scaleSimCycles(evaluation);
  return {
    mugi: version,
    ...metrics(evaluation),
    peak_macs_per_s: roofOf(evaluation).rate,
    provenance: priced.design.provenance,
    method: priced.design.method,
    groups: Object.fromEntries(
      GROUPS.map((group) => [
        group,
        {
          time_s: groups[group].time,
          time_share: timeShare(groups[group].time, evaluation),
          energy_J: groups[group].energy,
          energy_dram_J: groups[group].dram,
          macs: groups[group].macs,
        },
      ]),
    ),
    operators: operators.map((operator, i) => ({
      ...operatorRow(evaluation, i),
      load_cycles: loads(operator.work),
      events: Object.fromEntries(eventCounts(operator.work)),
    })),
    ...(scaleSim === undefined ? {} : { scale_sim: scaleSim }),
    components: componentUse(evaluation, operators),
    environment: evaluation.environment,
    repairs: evaluation.preset.repairs,
    notes: notesOf(evaluation),
  };
}

/** A row for every operator, and the total. */
export function operatorRows(evaluation: Evaluation): Row[] {
  const rows = evaluation.operators.map((_, i) => operatorRow(evaluation, i));
  return [...rows, totalRow(evaluation, rows)];
}

export function evaluationText(evaluation: Evaluation, askWhy: string): string {
  const { workload, preset, priced, operators, total } = evaluation;
  const m = metrics(evaluation);
  const meshed = operators.some(({ work }) => work.mesh !== undefined);
  const rows = operators.map(({ operator, time, bound, utilisation, energy, cycles, work }) => [
    operator.phase,
    operator.name,
    percent(time, total.time),
    percent(energy, total.energy),
    bound,
    ...(meshed ? [work.mesh === undefined ? '' : partsText(work.mesh)] : []),
    operator.kind === 'gemm' ? percent(utilisation, 1) : '',
    operatorShape(operator),
    `${operator.repeat} × ${operator.layers}`,
    readable(cycles),
  ]);
  const parts = componentUse(evaluation, operators).sort((a, b) => b.energy_J - a.energy_J);
  const gates = gatesNote([priced]);
  return [
    wrapped(`${designName(evaluation)} (${priced.design.title}; ${priced.design.provenance})`),
    wrapped(
      `${workload.model}, batch ${workload.batch}, context ${workload.context} (prompt ${workload.prefill}), preset ${preset.name}, costs: ${priced.technology.title}`,
    ),
    '',
    wrapped(answer(evaluation, m)),
    ...(gates === undefined ? [] : [wrapped(gates)]),
    '',
    textTable(['metric', 'value', 'what it is'], figures(evaluation)),
    '',
    wrapped('Operators (shares of the whole; shape: batch × M × K × N; executions: repeats × layers)'),
    textTable(
      [
        'phase',
        'operator',
        'time',
        'energy',
        'bound',
        ...(meshed ? ['mesh cuts'] : []),
        'utilisation',
        'shape',
        'executions',
        'cycles',
      ],
      rows,
      { keys: 2 },
    ),
    '',
    'Components, whole chip',
    componentTable(parts, m.area_mm2, m.leakage_W * 1e3, total.energy),
    '',
    ...notesOf(evaluation).map((note) => wrapped(`note: ${note}`, undefined, '      ')),
    "Ask for any metric's origin:",
    commandLines(askWhy, textWidth()),
    '',
  ].join('\n');
}

/** The answer in a sentence: energy with DRAM first, speed, area, and what most of the time waits for. */
function answer({ operators, total }: Evaluation, m: Metrics): string {
  const bounds = boundsText(
    operators.map(({ bound, time }) => [bound, time]),
    total.time,
  );
  const step = m.time_per_output_token_s;
  return [
    `${withUnit(m.energy_per_token_with_dram_J, 'J')} a token with DRAM (${withUnit(m.energy_per_token_J, 'J')} on chip)`,
    withUnit(m.tokens_per_s, 'tokens/s'),
    ...(step === null ? [] : [`${withUnit(step, 's')} a token`]),
    withUnit(m.area_mm2, 'mm²'),
    `time waits for ${bounds}`,
  ].join('; ');
}

/** Every metric under its name, with its unit. */
const figures = (evaluation: Evaluation): string[][] =>
  metricsOf(evaluation.preset).flatMap(({ name, label, unit, value }) => {
    const own = value(evaluation);
    if (own === null) return [];
    return [[name, unit === 's' ? duration(own) : withUnit(own, unit), label]];
  });

function componentTable(
  parts: readonly ComponentUse[],
  area: number,
  leakage: number,
  energy: number,
): string {
  return textTable(
    [
      'component',
      'class',
      'group',
      'count',
      'energy (J)',
      'energy',
      'area (mm²)',
      'area',
      'leakage',
      'activations',
    ],
    parts.map((part) => [
      part.name,
      part.class,
      part.group,
      part.count,
      part.energy_J,
      percent(part.energy_J, energy),
      part.area_mm2,
      percent(part.area_mm2, area),
      percent(part.leakage_mW, leakage),
      part.activations,
    ]),
  );
}
