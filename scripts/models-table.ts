import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { decodeStep } from '../src/compare/model-facts.ts';
import { modelFromConfig } from '../src/workload/hf-config.ts';
import type { ModelShape } from '../src/workload/model.ts';
import { MODELS_TODAY } from '../src/workload/models-today.ts';
import { kvElements, parameterCount } from '../src/workload/parameters.ts';
import type { Card } from '../test/workload/public/card.ts';
import { CARDS_TODAY, PUBLIC } from '../test/workload/public/index.ts';

/**
 * The table of docs/models.md: what mugi reads from a config.json beside what the card says, for every family.
 * `npm run docs:models` writes it; a test holds the page to it.
 */

const PAGE = new URL('../docs/models.md', import.meta.url);
const [BEGIN, END] = ['<!-- models: npm run docs:models -->', '<!-- /models -->'];

const billions = (count: number): string => {
  const value = count / 1e9;
  return value >= 100 ? value.toFixed(1) : value >= 1 ? value.toFixed(2) : value.toFixed(3);
};

const percent = (ours: number, card: number): string => {
  const off = Math.abs((ours / card - 1) * 100).toFixed(1);
  return off === '0.0' ? '0 %' : `${ours < card ? '−' : '+'}${off} %`;
};

/** The card's count beside ours, to which what the card counts beyond it is added. */
function parametersOf(total: number, { parameters, beside }: Card): string {
  const more = (beside?.parameters ?? 0) * 1e6;
  const what = beside === undefined ? '' : ` with ${billions(more)} of ${beside.what}`;
  return `${billions(parameters * 1e6)}${what} (${percent(total + more, parameters * 1e6)})`;
}

function row(model: ModelShape, type: string, card: Card): string {
  const { total, active } = parameterCount(model);
  const step = decodeStep(model, { batch: 1, context: 1, prefill: 0 }, 1);
  const elements = kvElements(model);
  const cells = [
    model.name,
    type,
    billions(total),
    card.summed === true ? '†' : parametersOf(total, card),
    active === total ? '' : billions(active),
    card.active === undefined ? '' : `${billions(card.active * 1e6)} (${percent(active, card.active * 1e6)})`,
    elements === 0 ? '' : String(elements * 2),
    card.kvBytes === undefined ? '' : String(card.kvBytes),
    step === undefined ? '' : billions(step.macs),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** The table as it stands on the page, its marks included. */
export function modelsTable(): string {
  const today = MODELS_TODAY.map((model) => row(model, 'built in', CARDS_TODAY[model.name]));
  const families = Object.entries(PUBLIC).map(([name, card]) => {
    const inner = card.config.text_config as { model_type?: string } | undefined;
    const type = inner?.model_type ?? card.config.model_type;
    return row(modelFromConfig(card.config, 'config.json', name), String(type), card);
  });
  return [
    BEGIN,
    '',
    '| model | type | parameters, B | card | active, B | card | KV bytes a token | published | MACs a token, B |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...today,
    ...families,
    '',
    END,
  ].join('\n');
}

/** The page with the table in its place. */
export function withTable(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/models.md has no ${BEGIN} … ${END}`);
  return page.slice(0, from) + modelsTable() + page.slice(to + END.length);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(PAGE, withTable(readFileSync(PAGE, 'utf8')));
}
