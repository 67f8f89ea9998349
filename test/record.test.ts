import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  commandLine,
  differences,
  outputOf,
  type Recorded,
  recorded,
  recordedCommands,
  type Run,
} from './record/run.ts';

/**
 * Every difference from the record that is meant, with its reason; CHANGELOG.md lists the same. `at` matches the
 * path in the JSON that a command prints. A line that excuses nothing any more fails, too.
 */
const KNOWN: readonly { command: RegExp; at: RegExp; reason: string }[] = [
  {
    command: /^evaluate .*--design (carat-\d|\S*-os\b)/,
    at: /^\//,
    reason:
      'a tile of results leaves Carat and output-stationary arrays before the next one begins, as it leaves Mugi',
  },
  {
    command: /^evaluate .*--design s[ad]-f-/,
    at: /^\//,
    reason:
      'FIGNA’s converters fire once a lane, as published, where the technology has no integer cell; `lane-counts` made it once a cell',
  },
  {
    command: /^evaluate .*--design s[ad]-/,
    at: /^\//,
    reason:
      'weights that stay in an array of cells are loaded for every tile of activations, of a SIMD array while the fold before runs, and the accumulator takes the last sum, as the cycle models do',
  },
  {
    command: /^evaluate .*--design tensor/,
    at: /^\//,
    reason:
      'words that one macro does not give in a cycle come from narrower ones side by side, in one cycle',
  },
  {
    command: /^evaluate .*dot-product\.yaml/,
    at: /^\/(energy|tokens_per_J|power|operational|groups\/attention\/energy|operators\/22\/(energy|events)|components)/,
    reason: 'sums leave, and are scaled, by chain and group, not by tiles of the memory',
  },
  {
    command: /^compare /,
    at: /^\/designs\/\d+\/ratios\//,
    reason: 'the baseline is a systolic array or the tensor core, for the reasons above',
  },
  {
    command: /^compare (?!.*--designs)/,
    at: /^\/designs\/[2-6]\//,
    reason: 'carat-256, systolic and SIMD arrays and the tensor core, likewise',
  },
  {
    command: /^compare .*--designs sa-/,
    at: /^\/designs\/\d\//,
    reason: 'rivals alone, likewise',
  },
  {
    command: /^compare .*--designs mugi-256\S*,sa-16/,
    at: /^\/designs\/[123]\//,
    reason: 'rivals behind Mugi, likewise',
  },
  {
    command: /^compare .*--designs tensor,mugi-256/,
    at: /^\/designs\/[02]\//,
    reason: 'rivals beside Mugi, likewise',
  },
  {
    command: /^designs --schema/,
    at: /pipeline\/anyOf: 2 entries → 3$/,
    reason: 'a design file can say the tail of an array whose columns and rows wait for one another',
  },
  {
    command: /^paper headlines/,
    at: /^\/items\/0\/notes: \d+ entries/,
    reason: 'a note names the repair of weight loads',
  },
  {
    command: /^designs (--\S+ \S+ )*--json$/,
    at: /^\/designs\/\d+\/(area_mm2|leakage_W):/,
    reason: 'memories of scaled-up arrays and the tensor core, likewise',
  },
  {
    command: /^designs carat-128 sd-f-16/,
    at: /^\/designs\/1\/events\/2\//,
    reason: 'converters of FIGNA, likewise',
  },
  {
    command: /^designs .*sa-f-32/,
    at: /^\/designs\/1\/(area_mm2|leakage_W|memories)/,
    reason: 'memories of a scaled-up array, likewise',
  },
  {
    command: /^paper /,
    at: /^\/items\/\d+\/rows\/\d+\/corrected/,
    reason: 'the corrected column of rivals, for all these reasons; as published nothing moves',
  },
  {
    command: /qwen3-30b-a3b/,
    at: /^\/(?!macs|\w+_gemm_|groups\/(projection|attention|ffn|output)\/|leakage|area|fabrication|batch|context|prefill|tokens:)/,
    reason:
      'a mixture of experts computes the softmax of its router and the weighted sum of its experts; products keep their totals, and operators behind the router stand elsewhere in the list',
  },
  {
    command: /^designs .*as-published/,
    at: /\/access_cycles: \d+ → 1$/,
    reason:
      'the published model takes one cycle an access, and the design says so; before, CACTI’s cycles stood there',
  },
  {
    command: /assets\/models/,
    at: /^\/notes: \d+ entries/,
    reason: 'a note says which bits are assumed for a file that states no quantisation',
  },
  {
    command: /^models (--\S+ \S+ )*--json$/,
    at: /^: \d+ entries → \d+$/,
    reason: 'models of today stand behind those of the paper',
  },
  {
    command: /^designs (--\S+ \S+ )*--json$/,
    at: /^\/designs: \d+ entries → \d+$/,
    reason: 'FIGNA’s output-stationary arrays and ours stand behind the designs that were there',
  },
  {
    command: /--why/,
    at: /^\/(inputs|sources)/,
    reason:
      '--why lists the parts that combine to the value (`parts`), and only costs that enter it; before, other operators stood among its inputs and sources',
  },
  {
    command: /^accuracy /,
    at: /^(\/|: \d+ entries)/,
    reason:
      'accuracy measures the arithmetic of a design, sums and executable INT4 keys and values included, and the parts that make it up',
  },
  {
    command: /^generate .*--kv int4/,
    at: /^\/(ids|text)/,
    reason: 'keys and values have a scale a token, and sums are BF16, as the array computes',
  },
  {
    command: /^generate .*--windows default/,
    at: /^\/(ids|text)/,
    reason: 'text is generated in the arithmetic of a design',
  },
  {
    command: /^approximate softmax .*--cost/,
    at: /^\/hardware\/0\/energy_pJ/,
    reason: 'the cascade of row sums adds a seventh more and has gates of its own',
  },
  {
    command: /^simulate (?!.*--input)/,
    at: /^\/(inputs|result_bits|activity\/secondSpikeFifo)/,
    reason: 'random inputs are normal values, tails included; before, sums of four uniform ones',
  },
  {
    command: /^approximate softmax (?!.*--x)/,
    at: /^\/rows\/\d+\/((max_)?(kl|total_variation)|certified_total_variation|max_abs_error|flushed_mass):/,
    reason: 'the scores are normal values, tails included; before, sums of four uniform ones',
  },
  {
    command: /^(evaluate|compare) /,
    at: /^\/notes: \d+ entries → \d+$/,
    reason: 'a note says which parts the technology prices without a report or not at all',
  },
];

/** Repairs of `corrected` that version 0.1.0 did not have. */
const LATER = 'sums,scales,mesh,mac-counts';

/** The same in the corrected model of version 0.1.0. */
function withoutLater(command: string): string {
  if (!/^(evaluate|compare|designs) /.test(command) || /as-published|--schema/.test(command)) return command;
  return command.includes('--without ')
    ? command.replace('--without ', `--without ${LATER},`)
    : `${command} --without ${LATER}`;
}

/** Rows that a table has since then, among those that it had. */
const LATER_ROWS: ReadonlySet<unknown> = new Set([
  'adder 15',
  'adder 17',
  ...[20, 21, 22, 23, 24].map((width) => `adder ${width}`),
]);

/** What a command prints, without such rows. */
const earlier = (text: string): unknown =>
  JSON.parse(text, (_, value: unknown) =>
    Array.isArray(value)
      ? value.filter((one: { name?: unknown } | null) => !LATER_ROWS.has(one?.name))
      : value,
  );

/** Commands whose defaults ask another question today; the one that they asked then is spelt out. */
const asThen = (command: string): string => withoutLater(spelt(command));

function spelt(command: string): string {
  if (command.startsWith('compare ') && !/--baseline|as-published/.test(command))
    return command.replace(/^compare/, 'compare --baseline sa-16');
  if (command.includes('--accumulate fp32'))
    return command.replace('--accumulate fp32', '--arithmetic exact-sums');
  if (/^simulate (softmax|gemm) /.test(command)) return `${command} --preset as-published`;
  return command.startsWith('approximate softmax ') ? `${command} --arithmetic exact-sums` : command;
}

const root = join(import.meta.dirname, '..');
const record = JSON.parse(
  gunzipSync(readFileSync(join(root, 'test/golden/record/numbers.json.gz'))).toString(),
) as Record<string, Recorded>;
const commands = recordedCommands(root);
const folder = mkdtempSync(join(tmpdir(), 'mugi-record-'));
const cache = process.env.MUGI_CACHE;
let run: Run;

beforeAll(async () => {
  process.env.MUGI_CACHE = join(folder, 'cache');
  run = await commandLine(root);
});

afterAll(() => {
  if (cache === undefined) delete process.env.MUGI_CACHE;
  else process.env.MUGI_CACHE = cache;
  rmSync(folder, { recursive: true, force: true });
});

describe('the record of 300 commands, made by version 0.1.0', () => {
  const excused = new Set<RegExp>();

  it('holds every command that is listed', () => {
    expect(commands.length).toBe(300);
    expect(Object.keys(record).sort()).toEqual([...commands].sort());
  });

  it.each(commands)('%s', async (command) => {
    const text = await outputOf(run, asThen(command).replace('{folder}', folder).split(' '));
    const found = differences(record[command], recorded(earlier(text)) ?? {});
    const left = found.filter((difference) => {
      const known = KNOWN.find(({ command: of, at }) => of.test(command) && at.test(difference));
      if (known !== undefined) excused.add(known.at);
      return known === undefined;
    });
    expect(left).toEqual([]);
  });

  it('has no excuse that nothing needs', () => {
    expect(KNOWN.filter(({ at }) => !excused.has(at))).toEqual([]);
  });
});
