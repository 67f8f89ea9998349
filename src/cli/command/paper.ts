import { setFlagsFromString } from 'node:v8';
import type { Command } from 'commander';
import { MODEL_ITEMS, PAPER_ITEMS } from '../../paper/index.ts';
import type { PaperItem, PaperResult } from '../../paper/item.ts';
import { progress } from '../../present/progress.ts';
import { presetOf } from '../../question/point.ts';
import { PRESET_KEYS } from '../../question/question.ts';
import { version } from '../../version.ts';
import { define as command } from '../options/command.ts';
import { refuseIdle } from '../options/idle.ts';
import { idlePaper } from '../options/paper-idle.ts';
import { output, remark } from '../options/output.ts';
import { questionFlags, questionOf } from '../options/question-options.ts';
import { PAPER_FLAGS, type PaperFlags } from '../options/paper-options.ts';
import { PaperFiles } from '../show/paper-files.ts';
import { itemText } from '../show/paper.ts';
import { announceWork } from '../source/estimate.ts';
import { paperItems, paperTechnology } from '../source/paper-items.ts';

const LISTED = PAPER_ITEMS.map(
  (item) =>
    `  ${item.name.padEnd(10)} ${item.title}${MODEL_ITEMS.includes(item) ? ' (runs a real model)' : ''}`,
);

export const define = (program: Command): void =>
  command<PaperFlags>(program, {
    name: 'paper',
    description: 'Regenerate tables and figures of the paper: paper / as published / corrected / deviation',
    arguments: [
      {
        name: '[item]',
        help: 'one item, or all (the architecture results)',
        default: 'all',
        offer: { words: () => [...PAPER_ITEMS.map(({ name }) => name), 'all'] },
      },
    ],
    flags: [...PAPER_FLAGS, ...questionFlags(PRESET_KEYS)],
    before: ['Items:', ...LISTED].join('\n'),
    examples: [
      'mugi paper table3',
      'mugi paper headlines --without fill-drain',
      'mugi paper all --out results',
      'mugi paper fig13 --json',
      'mugi paper fig13 --technology open-45',
    ],
    run: ({ words: [item], flags, given }) => paper(item, flags, given),
  });

async function paper(wanted: string, flags: PaperFlags, given: ReadonlySet<string>): Promise<void> {
  // Thousands of short-lived evaluations: a small young generation keeps memory low at no cost in time.
  setFlagsFromString('--semi-space-growth-factor=1');
  // Pictures are drawn one after another; more threads would only keep memory of their own, 40 MB in all.
  process.env.UV_THREADPOOL_SIZE ??= '1';
  const { out, model, text: path, images, audio, language, threads, block, tokens } = flags;
  const entries = paperItems(wanted);
  refuseIdle(given, idlePaper(wanted, entries));
  const asked = PRESET_KEYS.some((key) => given.has(key)) ? presetOf(questionOf(flags)) : undefined;
  const technology = paperTechnology(flags.technology, entries);
  const files = out === undefined ? undefined : new PaperFiles(out);
  const bar = progress('paper', entries.length);
  const done: { item: PaperItem; result: PaperResult }[] = [];
  for (const [i, entry] of entries.entries()) {
    bar.update(i, entry.name);
    const item = await entry.load();
    const named = model === undefined ? {} : { model };
    const result = await item.run({
      technology,
      ...named,
      ...(asked === undefined ? {} : { asked }),
      data: { text: path, images, audio, language, threads, block, tokens },
      announce: announceWork,
      onResume: (figure) => remark(`resuming ${figure}: an interrupted run had begun it`),
    });
    done.push({ item, result });
    await files?.add(item, result);
  }
  await files?.finish();
  bar.stop();
  output(flags, {
    json: () => ({
      mugi: version,
      items: done.map(({ item: { name, title }, result: { rows, notes } }) => ({
        item: name,
        title,
        rows,
        notes,
      })),
    }),
    csv: () => done.flatMap(({ item, result }) => result.rows.map((row) => ({ item: item.name, ...row }))),
    text: () =>
      [
        ...done.map(({ item, result }) => itemText(item, result)),
        ...(out === undefined ? ['CSV, SVG and PNG files: add --out DIR\n'] : []),
      ].join(''),
  });
}
