import { COMBINE_WORDS, type Quantity } from '../../evaluate/quantity.ts';
import type { Explanation } from '../../evaluate/why.ts';
import { percent, readable } from '../../present/readable.ts';
import { textTable } from '../../present/table.ts';
import { textWidth, wrapped } from '../../present/terminal.ts';
import { commandLines } from '../../question/shell.ts';

/** Levels of parts below the asked quantity in JSON; `--why METRIC/PART/…` goes on from there. */
const JSON_DEPTH = 3;
/** Parts of a sum that are listed, the largest first. */
const LISTED = 8;

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function quantityJson(
  { name, value, unit, formula, source, combine, parts }: Quantity,
  depth: number,
): object {
  return {
    name,
    value: finite(value),
    unit,
    ...(formula === undefined ? {} : { formula }),
    ...(source === undefined ? {} : { source }),
    ...(combine === undefined ? {} : { combine }),
    ...(parts === undefined
      ? {}
      : depth > 0
        ? { parts: parts().map((part) => quantityJson(part, depth - 1)) }
        : { has_parts: true }),
  };
}

export function whyJson({ metric, label, better, quantity, sources }: Explanation, repeat: string): object {
  const { name: _, ...rest } = quantityJson(quantity, JSON_DEPTH) as { name: string };
  return { metric, label, better, ...rest, sources, repeat };
}

type Line = [name: string, value: string, unit: string, share: string, how: string];

/** The tree of a quantity, the largest part of every sum and maximum gone into, all parts of products. */
function lines(quantity: Quantity, indent: number, share: string, shown: Set<string>): Line[] {
  const { name, value, unit, formula, source, combine, parts } = quantity;
  const key = `${name} ${value} ${unit}`;
  const again = parts !== undefined && shown.has(key) && indent > 0;
  const how = again ? 'see above' : (formula ?? source ?? '');
  const line: Line = [`${'  '.repeat(indent)}${name}`, readable(value), unit, share, how];
  if (parts === undefined || combine === undefined || again) return [line];
  shown.add(key);
  const all = parts();
  if (combine === 'product' || combine === 'quotient') {
    return [line, ...all.flatMap((part) => lines(part, indent + 1, '', shown))];
  }
  const sorted = all.filter((part) => part.value !== 0).sort((a, b) => b.value - a.value);
  const below = sorted.slice(0, LISTED).flatMap((part, i) => {
    const own = combine === 'sum' ? percent(part.value, value) : part.value === value ? 'largest' : '';
    const deep = i === 0 ? part : withoutParts(part);
    return lines(deep, indent + 1, own, shown);
  });
  const left = sorted.slice(LISTED);
  if (left.length > 0) {
    const sum = left.reduce((total, part) => total + part.value, 0);
    const what = `${'  '.repeat(indent + 1)}… ${left.length} more`;
    below.push(
      combine === 'sum' ? [what, readable(sum), unit, percent(sum, value), ''] : [what, '', '', '', ''],
    );
  }
  return [line, ...below];
}

const withoutParts = (quantity: Quantity): Quantity => ({ ...quantity, parts: undefined });

export function whyText({ metric, label, better, quantity, sources }: Explanation, repeat: string): string {
  const { value, unit, combine } = quantity;
  const words = [
    ...(label === undefined ? [] : [label]),
    ...(better === undefined ? [] : [`${better} is better`]),
    ...(combine === undefined ? [] : [COMBINE_WORDS[combine]]),
  ];
  const shown = Number.isFinite(value) ? `${value} ${unit}`.trimEnd() : 'none';
  return [
    wrapped(`${metric} = ${shown}${words.length > 0 ? ` (${words.join('; ')})` : ''}`),
    '',
    textTable(['quantity', 'value', 'unit', 'share', 'how'], lines(quantity, 0, '', new Set())),
    '',
    ...(sources.length === 0
      ? []
      : [
          textTable(
            ['cost', 'energy (pJ)', 'leakage (µW)', 'area (µm²)', 'source'],
            sources.map((row) => [row.name, row.energy_pJ, row.leakage_uW, row.area_um2, row.source]),
          ),
          '',
        ]),
    wrapped(`Any part by itself: --why '${metric}/PART'`),
    'Repeat it:',
    commandLines(repeat, textWidth()),
    '',
  ].join('\n');
}
