import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { MugiError, unknownName } from '../../errors.ts';
import { PAPER_ITEMS, type PaperEntry } from '../../paper/index.ts';
import { FIGURE_TARGETS, type PaperItem, type PaperResult } from '../../paper/item.ts';
import { toCsv } from '../../present/csv.ts';
import { renderSvg, svgToPng } from '../../present/plot.ts';
import { progress } from '../../present/progress.ts';
import { makeFolder, writable, writeFileAtomic } from '../../files/write.ts';
import { technologyNamed } from '../../technology/index.ts';
import { PUBLISHED_45 } from '../../technology/published-45.ts';
import type { Technology } from '../../technology/technology.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import { FILE, flag, type FlagsOf, TARGETS, text, whole } from '../options/flag.ts';
import { refuseIdle } from '../options/idle.ts';
import { csvFlag, jsonFlag, output } from '../options/output.ts';
import { itemText } from '../show/paper.ts';

const FLAGS = [
  flag('--out', text('<dir>'), 'write CSV, SVG and PNG of each item'),
  flag('--model', text('<folder>'), 'model folder or name, for items that run a real model'),
  flag('--text', FILE, 'for such items: UTF-8 text (default: the embedded text)'),
  flag('--block', whole(1, 2 ** 30), 'for such items: tokens per block'),
  flag('--tokens', TARGETS, `for such items: targets to score (default: ${FIGURE_TARGETS})`),
  flag('--technology', text('<name>'), 'fig13: its costs over the published ones, part by part', {
    default: PUBLISHED_45.name,
  }),
  jsonFlag('print JSON rows'),
  csvFlag('print CSV rows'),
] as const;
type Flags = FlagsOf<typeof FLAGS>;

/** Pixels a unit of the drawing: sharp on paper, and half the memory of twice. */
const PICTURE_SCALE = 1.5;

const LISTED = PAPER_ITEMS.map(
  ({ name, title, analytic }) => `  ${name.padEnd(10)} ${title}${analytic ? '' : ' (runs a real model)'}`,
);

export const define = (program: Command): void =>
  command<Flags>(program, {
    name: 'paper',
    description: 'Regenerate tables and figures of the paper: paper / as published / corrected / deviation',
    arguments: [{ name: '[item]', help: 'one item, or all (the architecture results)', default: 'all' }],
    flags: FLAGS,
    before: ['Items:', ...LISTED].join('\n'),
    examples: [
      'mugi paper table3',
      'mugi paper headlines',
      'mugi paper all --out results',
      'mugi paper fig13 --json',
      'mugi paper fig13 --technology open-45',
    ],
    run: ({ words: [item], flags, given }) => paper(item, flags, given),
  });

async function paper(wanted: string, flags: Flags, given: ReadonlySet<string>): Promise<void> {
  // Thousands of short-lived evaluations: a small young generation keeps memory low at no cost in time.
  setFlagsFromString('--semi-space-growth-factor=1');
  // Pictures are drawn one after another; more threads would only keep memory of their own, 40 MB in all.
  process.env.UV_THREADPOOL_SIZE ??= '1';
  const entries = chosen(wanted);
  refuseUnused(wanted, entries, given);
  const technology = technologyOf(flags.technology, entries);
  if (flags.out !== undefined) {
    makeFolder(flags.out);
    writable(flags.out);
  }
  const bar = progress('paper', entries.length);
  let pictures = Promise.resolve();
  const done: { item: PaperItem; result: PaperResult }[] = [];
  for (const [i, entry] of entries.entries()) {
    bar.update(i, entry.name);
    const item = await entry.load();
    const result = await item.run({
      technology,
      ...(flags.model === undefined ? {} : { model: flags.model }),
      data: { text: flags.text, block: flags.block, tokens: flags.tokens },
    });
    done.push({ item, result });
    if (flags.out !== undefined) pictures = (await write(flags.out, item, result, pictures)).pictures;
  }
  await pictures;
  bar.stop();
  output(flags, {
    json: () => ({
      mugi: version,
      items: done.map(({ item, result }) => ({
        item: item.name,
        title: item.title,
        rows: result.rows,
        notes: result.notes,
      })),
    }),
    csv: () => done.flatMap(({ item, result }) => result.rows.map((row) => ({ item: item.name, ...row }))),
    text: () =>
      [
        ...done.map(({ item, result }) => itemText(item, result, flags.out)),
        ...(flags.out === undefined ? ['CSV, SVG and PNG files: add --out DIR\n'] : []),
      ].join(''),
  });
}

/** Flags of real models beside items that run none. */
function refuseUnused(wanted: string, entries: readonly PaperEntry[], given: ReadonlySet<string>): void {
  const able = PAPER_ITEMS.filter(({ analytic }) => !analytic).map((entry) => entry.name);
  refuseIdle(given, [
    {
      flags: ['model', 'text', 'block', 'tokens'],
      when: entries.every(({ analytic }) => analytic),
      because: `has no effect: ${wanted} runs no model`,
      expected: `one of ${able.join(', ')} beside it`,
    },
  ]);
}

function chosen(wanted: string): PaperEntry[] {
  if (wanted === 'all') return PAPER_ITEMS.filter(({ analytic }) => analytic);
  const entry = PAPER_ITEMS.find(({ name }) => name === wanted.toLowerCase());
  if (entry !== undefined) return [entry];
  throw unknownName('item', wanted, [...PAPER_ITEMS.map(({ name }) => name), 'all']);
}

/** The paper's numbers rest on the published costs; only some items set others beside them. */
function technologyOf(name: string, entries: readonly PaperEntry[]): Technology {
  const technology = technologyNamed(name);
  const deaf = entries.find(({ technologies }) => technologies !== true);
  if (technology === PUBLISHED_45 || deaf === undefined) return technology;
  const able = PAPER_ITEMS.filter(({ technologies }) => technologies === true).map((entry) => entry.name);
  throw new MugiError({
    code: 'invalid-value',
    message: `${deaf.name} is about the published costs and takes no other technology`,
    path: '--technology',
    expected: `published, or the item ${able.join(', ')}; mugi compare and mugi evaluate take any`,
    received: name,
  });
}

/** Writes CSV and SVG, and has the PNG drawn behind `before` on another thread while the next item is computed. */
async function write(
  folder: string,
  item: PaperItem,
  result: PaperResult,
  before: Promise<void>,
): Promise<{ pictures: Promise<void> }> {
  writeFileAtomic(join(folder, `${item.name}.csv`), toCsv(result.rows));
  let pictures = before;
  for (const { name, spec } of result.plots) {
    const svg = await renderSvg(spec);
    writeFileAtomic(join(folder, `${name}.svg`), svg);
    pictures = pictures.then(async () =>
      writeFileAtomic(join(folder, `${name}.png`), await svgToPng(svg, PICTURE_SCALE)),
    );
  }
  return { pictures };
}
