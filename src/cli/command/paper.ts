import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { type Command, Option } from 'commander';
import { MugiError, unknownName } from '../../errors.ts';
import { PAPER_ITEMS, type PaperEntry } from '../../paper/index.ts';
import { FIGURE_TARGETS, type PaperItem, type PaperResult } from '../../paper/item.ts';
import { type Row, toCsv } from '../../present/csv.ts';
import { renderSvg, svgToPng } from '../../present/plot.ts';
import { progress } from '../../present/progress.ts';
import { readable, textTable } from '../../present/table.ts';
import { makeFolder, writable, writeFileAtomic } from '../../files/write.ts';
import { technologyNamed } from '../../technology/index.ts';
import { PUBLISHED_45 } from '../../technology/published-45.ts';
import type { Technology } from '../../technology/technology.ts';
import { version } from '../../version.ts';
import { number, targetCount } from '../options/command.ts';

interface Flags {
  out?: string;
  model?: string;
  text?: string;
  block?: number;
  tokens?: number;
  technology: string;
  json?: boolean;
  csv?: boolean;
}

/** Pixels a unit of the drawing: sharp on paper, and half the memory of twice. */
const PICTURE_SCALE = 1.5;

/** Rows of one item that are printed; the rest is in the CSV and JSON. */
const PRINTED_ROWS = 40;

export function define(program: Command): void {
  const listed = PAPER_ITEMS.map(
    ({ name, title, analytic }) => `  ${name.padEnd(10)} ${title}${analytic ? '' : ' (runs a real model)'}`,
  );
  program
    .command('paper')
    .description('Regenerate tables and figures of the paper: paper / as published / corrected / deviation')
    .argument('[item]', 'one item, or all (the architecture results)', 'all')
    .option('--out <dir>', 'write CSV, SVG and PNG of each item')
    .option('--model <folder>', 'model folder or name, for items that run a real model')
    .option('--text <file>', 'for such items: UTF-8 text (default: the embedded text)')
    .option('--block <tokens>', 'for such items: tokens per block', number('--block'))
    .option('--tokens <n|all>', `for such items: targets to score (default: ${FIGURE_TARGETS})`, targetCount)
    .option('--technology <name>', 'fig13: its costs over the published ones, part by part', 'published')
    .option('--json', 'print JSON rows')
    .addOption(new Option('--csv', 'print CSV rows').conflicts('json'))
    .addHelpText(
      'after',
      `\nItems:\n${listed.join('\n')}\n\nExamples:\n  mugi paper table3\n  mugi paper headlines\n  mugi paper all --out results\n  mugi paper fig13 --json\n  mugi paper fig13 --technology open-45`,
    )
    .action((item: string, flags: Flags) => paper(item, flags));
}

async function paper(wanted: string, flags: Flags): Promise<void> {
  // Thousands of short-lived evaluations: a small young generation keeps memory low at no cost in time.
  setFlagsFromString('--semi-space-growth-factor=1');
  const entries = chosen(wanted);
  refuseUnused(wanted, entries, flags);
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
  if (flags.json === true) {
    const items = done.map(({ item, result }) => ({
      item: item.name,
      title: item.title,
      rows: result.rows,
      notes: result.notes,
    }));
    process.stdout.write(`${JSON.stringify({ mugi: version, items }, null, 2)}\n`);
  } else if (flags.csv === true) {
    process.stdout.write(
      toCsv(done.flatMap(({ item, result }) => result.rows.map((row) => ({ item: item.name, ...row })))),
    );
  } else {
    for (const { item, result } of done) process.stdout.write(text(item, result, flags.out));
    if (flags.out === undefined) process.stdout.write('CSV, SVG and PNG files: add --out DIR\n');
  }
}

/** Flags of real models beside items that run none. */
function refuseUnused(wanted: string, entries: readonly PaperEntry[], flags: Flags): void {
  if (entries.some(({ analytic }) => !analytic)) return;
  for (const name of ['model', 'text', 'block', 'tokens'] as const) {
    if (flags[name] === undefined) continue;
    const able = PAPER_ITEMS.filter(({ analytic }) => !analytic).map((entry) => entry.name);
    throw new MugiError({
      code: 'invalid-value',
      message: `${wanted} runs no model`,
      path: `--${name}`,
      expected: `one of ${able.join(', ')} beside it`,
      received: String(flags[name]),
    });
  }
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

function text(
  item: PaperItem,
  { rows, summary, plots, notes }: PaperResult,
  out: string | undefined,
): string {
  const compared = rows.filter((row) => row.paper !== undefined);
  const shown = summary ?? (compared.length > 0 ? compared : rows);
  const columns = [...new Set((summary ?? rows).flatMap((row) => Object.keys(row)))].filter(
    (name) => !name.startsWith('with_'),
  );
  const few = shown.length > 2 * PRINTED_ROWS ? shown.slice(0, PRINTED_ROWS) : shown;
  const lines = [
    `\n${item.title}`,
    textTable(
      columns,
      few.map((row) => columns.map((column) => cell(row, column))),
    ),
  ];
  if (summary !== undefined) lines.push(`all ${rows.length} rows: --csv, --json or --out`);
  else if (few.length < rows.length)
    lines.push(`… ${rows.length - few.length} more rows in --csv, --json or --out`);
  lines.push(...notes.map((note) => `note: ${note}`));
  if (out !== undefined)
    lines.push(
      `files: ${[`${item.name}.csv`, ...plots.flatMap(({ name }) => [`${name}.svg`, `${name}.png`])].map((name) => join(out, name)).join(', ')}`,
    );
  return `${lines.join('\n')}\n`;
}

function cell(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined || value === null) return '';
  if (column.endsWith('perplexity') && typeof value === 'number') return value.toFixed(3);
  if (column.endsWith('_share') && typeof value === 'number') return `${(value * 100).toFixed(2)} %`;
  if (column === 'deviation') return `${((value as number) * 100).toFixed(2)} %`;
  return typeof value === 'number' ? readable(value) : String(value);
}
