import { FAMILIES } from '../../design/index.ts';
import type { DesignDetails, DesignSummary } from '../../compare/design-facts.ts';
import type { PricedDesign } from '../../evaluate/price.ts';
import { priceNotes } from '../../evaluate/price-notes.ts';
import { readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { wrapped } from '../../present/terminal.ts';

const sides = ({ rows, columns, depth }: DesignSummary): string =>
  `${rows} × ${columns}${depth > 1 ? ` × ${depth}` : ''}`;

/** Sizes in KiB of input, weight and output SRAM. */
const sramText = (d: DesignSummary): string =>
  [d.input_sram_KiB, d.weight_sram_KiB, d.output_sram_KiB].join(' + ');

export function listText(all: readonly DesignSummary[], heading: string): string {
  const families = FAMILIES.map(({ pattern, title, sizes, range }) => {
    const built = pattern.includes('{size}') ? sizes.join(', ') : '';
    const wider = range === undefined ? '' : `${range.key} ${range.min}…${range.max} in a file`;
    return [pattern.replace('{size}', 'N'), title, built, wider];
  });
  const rows = all.map((d) => [
    d.design,
    sides(d),
    d.peak_macs_per_cycle,
    sramText(d),
    d.area_mm2,
    d.leakage_W * 1e3,
    d.method,
    d.stationary,
    // Details show the reason; in a list the one word is enough.
    d.provenance.split(':')[0],
  ]);
  return [
    wrapped(`Families (${heading})`),
    '',
    textTable(['name', 'what it is', 'N', 'other sizes'], families),
    '',
    textTable(
      ['design', 'array', 'MAC/cycle', 'SRAM KiB', 'mm²', 'leakage mW', 'method', 'stationary', 'provenance'],
      rows,
    ),
    '',
    wrapped(
      'SRAM: input + weight + output. A mesh is a suffix: mugi-256@4x4. `mugi designs NAME` shows one in depth, a YAML or JSON file stands wherever a name does, and `mugi designs --schema` says what is in it.',
    ),
    '',
  ].join('\n');
}

export function detailsText(d: DesignDetails, priced: PricedDesign, presetName: string): string {
  const { design, leakage, area } = priced;
  const sources = [...new Set([...d.components, ...d.memories].map(({ source }) => source))];
  const cite = (source: string): string => `[${sources.indexOf(source) + 1}]`;
  const mesh = d.mesh_rows * d.mesh_columns > 1 ? `, mesh of ${d.mesh_rows} × ${d.mesh_columns} nodes` : '';
  const { pipeline } = design.array;
  const tile = 'perTile' in pipeline && pipeline.perTile ? `, ${pipeline.perTile} a tile of results` : '';
  const fill = `${pipeline.kind === 'tail' ? `${pipeline.cycles} cycles behind a mapping` : pipeline.kind}${tile}`;
  const components = d.components.map((c) => [
    c.component,
    c.class,
    Object.entries(c.attributes)
      .map(([key, value]) => `${key} ${value}`)
      .join(', '),
    c.group,
    c.count,
    c.energy_pJ,
    c.leakage_mW,
    c.area_mm2,
    cite(c.source),
  ]);
  const memories = d.memories.map((m) => [
    m.memory,
    m.count,
    m.macros,
    m.KiB,
    m.word_bits,
    m.depth_per_bank,
    m.read_pJ,
    m.write_pJ,
    m.access_cycles,
    m.leakage_mW,
    m.area_mm2,
    cite(m.source),
  ]);
  const events = d.events.map(({ event, energy_pJ, activations }) => [
    event,
    energy_pJ,
    Object.entries(activations)
      .map(([name, count]) => `${name} ${readable(count)}`)
      .join(', '),
  ]);
  return [
    wrapped(`${d.design}: ${d.title}${mesh}`),
    wrapped(
      `array ${sides(d)}, ${d.step_cycles} cycle${d.step_cycles > 1 ? 's' : ''} a step, ${d.stationary} stationary, fill and drain: ${fill}, peak ${readable(d.peak_macs_per_cycle)} MAC/cycle`,
    ),
    `nonlinear functions: ${d.method}, ${d.nonlinear_lanes} lanes; weights of up to ${d.weight_bits} bits`,
    wrapped(
      `area ${readable(area)} mm², leakage ${readable(leakage)} mW; preset ${presetName}, technology ${d.technology}`,
    ),
    wrapped(`provenance: ${d.provenance}`),
    ...priceNotes(priced).map((note) => wrapped(`note: ${note}`, undefined, '      ')),
    '',
    'Components (whole chip; energy of one activation of one instance)',
    textTable(
      ['component', 'class', 'attributes', 'group', 'count', 'pJ', 'leakage mW', 'mm²', 'source'],
      components,
    ),
    '',
    'Memories (one of each a node; energy of one word)',
    textTable(
      [
        'memory',
        'count',
        'macros',
        'KiB',
        'word bits',
        'depth',
        'read pJ',
        'write pJ',
        'cycles',
        'leakage mW',
        'mm²',
        'source',
      ],
      memories,
    ),
    '',
    'Events (energy of one occurrence, and what it activates)',
    textTable(['event', 'pJ', 'activations'], events),
    '',
    ...sources.map((source) => wrapped(`${cite(source)} ${source}`, undefined, '    ')),
    '',
  ].join('\n');
}
