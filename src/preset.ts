/**
 * The published model has quirks, documented in docs/quirks.md. Each has one switch, named after what it repairs.
 * `as-published` leaves all quirks in and reproduces the authors' numbers; `corrected` repairs all of them.
 */
export const REPAIRS = {
  'decode-repeats':
    'linear layers, activations and the output head run once per generated token (not 4096 times, head once)',
  'max-tree-width':
    'a node of the exponent max/min tree costs what its synthesis report says (not a quarter)',
  bandwidth: 'DRAM, NoC links and SRAM ports take the time their traffic needs (not 4e8 times less)',
  'router-widths':
    'each NoC channel carries words of its own width over the hops of a mesh (not rotated widths)',
  'noc-energy':
    'column multipliers, output adders and FIFOs of every node count (not one node’s share of them)',
  'noc-counts':
    'counter registers and OR gates of a node count as they are (not mixed up with NoC dimensions)',
  'lane-counts': 'per-lane parts are counted once a lane (not once or twice per array)',
  carbon:
    'operational carbon uses energy and time of the same layers (not the energy of one, the time of all)',
  'energy-per-token': 'energy per token includes leakage and all sequences of the batch',
  'mean-of-three': 'Fig. 17 averages the three models its caption names (not four)',
  'sram-tiles': 'off-chip tiles fit their double-buffered SRAM (not always 256 × 256 × 256)',
  'sram-size':
    'SRAM has the size of Table 2 and takes the cycles CACTI says (not half of it, always one cycle)',
  'softmax-max': 'the maximum search and subtraction of softmax take cycles and energy',
  'lut-words': 'look-up table entries are BF16 words, 12 exponents to a row (not 4 bits)',
  'systolic-control':
    'counters, comparators and adders of systolic control cost what they are (not plain registers)',
  'figna-integer':
    'FIGNA cells are integer, with converters at the edge of the array, where the technology prices such a cell (open-45; not converters on top of a full BF16 cell)',
  'double-count': 'each module stands in one group of Fig. 13 (not “accumulator” twice)',
  'whole-counts': 'activity counts are not truncated to integers after each mapping',
  'fill-drain': 'pipelines fill and drain: systolic folds, VLP latency, adder trees',
  'node-cycles':
    'a Mugi node takes the cycles of its simulation: output tiles leave before the next begins, softmax passes its scores three times (not overlapped without cost)',
  norms: 'RMSNorm and LayerNorm are computed',
  rope: 'rotary position embedding is computed',
  residuals: 'residual sums are computed',
  'gate-products': 'the element-wise product of gated FFNs is computed',
  'causal-prefill': 'prefill attention skips what causality masks (not the full square)',
  'kv-writes': 'new keys and values are written to the cache',
} as const;

export type Repair = keyof typeof REPAIRS;
export type Repairs = Readonly<Record<Repair, boolean>>;

export const REPAIR_NAMES = Object.keys(REPAIRS) as Repair[];

const all = (value: boolean): Repairs =>
  Object.fromEntries(REPAIR_NAMES.map((name) => [name, value])) as Record<Repair, boolean>;

export const PRESETS = { 'as-published': all(false), corrected: all(true) } as const;
export type PresetName = keyof typeof PRESETS;

/** A preset with some repairs switched; the name says so: `corrected −bandwidth`. */
export interface Preset {
  name: string;
  /** Options of the command line that make it. */
  flags: string;
  repairs: Repairs;
}

export function preset(name: PresetName, change: Partial<Record<Repair, boolean>> = {}): Preset {
  const base = PRESETS[name];
  const repairs = { ...base, ...change };
  const changed = REPAIR_NAMES.filter((repair) => repairs[repair] !== base[repair]);
  const suffix = changed.map((repair) => ` ${repairs[repair] ? '+' : '−'}${repair}`).join('');
  const option = (word: string, value: boolean): string => {
    const listed = changed.filter((repair) => repairs[repair] === value);
    return listed.length > 0 ? ` --${word} ${listed.join(',')}` : '';
  };
  const flags = `--preset ${name}${option('with', true)}${option('without', false)}`;
  return { name: name + suffix, flags, repairs };
}
