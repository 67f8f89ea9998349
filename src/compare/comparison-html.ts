import { REPAIR_NAMES, REPAIRS } from '../published/preset.ts';
import { gainText, verdict } from '../evaluate/gain.ts';
import { gatesNote } from '../evaluate/gates.ts';
import { sourcesNote } from '../evaluate/source-ratios.ts';
import { GROUPS } from '../workload/operator.ts';
import { bestOf, COLUMNS, type Compared, type Comparison, lossText } from './comparison.ts';
import { SCOPE } from './comparison-notes.ts';
import { partsTable } from './loss-parts.ts';
import { comparisonPlots } from './comparison-plots.ts';
import { escapeHtml, htmlPage, htmlTable, type Live } from '../present/html.ts';
import { renderSvg } from '../present/plot.ts';
import { scaledUnit } from '../present/si.ts';
import { readable } from '../present/readable.ts';

/**
 * A self-contained page for a comparison: the answer first, then pictures, figures, and what they rest on.
 * @param live the studio, which takes its place where scripts run
 */
export async function comparisonHtml(
  comparison: Comparison,
  command: string,
  version: string,
  live?: Live,
): Promise<string> {
  const { baseline, designs, evaluations, notes } = comparison;
  const { workload, preset, environment, priced } = evaluations[0];
  const best = bestOf(comparison);
  const gates = gatesNote(evaluations.map((evaluation) => evaluation.priced));
  const figures = [];
  for (const { title, caption, spec } of comparisonPlots(comparison)) {
    const svg = await renderSvg({ ...spec, description: `${title}. ${caption}` } as typeof spec);
    figures.push(
      `<h2>${escapeHtml(title)}</h2><figure><div class="scroll">${svg}</div><figcaption>${escapeHtml(caption)}</figcaption></figure>`,
    );
  }
  const repaired = REPAIR_NAMES.filter((name) => preset.repairs[name]);
  const body = `
<h1>${escapeHtml(workload.model)} on ${designs.length} accelerators</h1>
<p class="lead">Batch ${workload.batch}, ${workload.context} tokens of context (${workload.prefill} of them prompt), preset <b>${escapeHtml(preset.name)}</b>, ${escapeHtml(priced.technology.title)}. Every × is a gain over <b>${escapeHtml(baseline)}</b>: above 1 is better, whatever the quantity.</p>
${cards(best, comparison)}
${gates === undefined ? '' : `<p class="soft">${escapeHtml(sentence(gates))}.</p>`}
<p class="soft">${escapeHtml(sentence(sourcesNote(evaluations)))}.</p>
${figures.join('\n')}
<h2>Figures of merit</h2>
${meritTable(comparison)}
${designs.some(({ cautions }) => cautions.length > 0) ? '<p class="soft">†: read with care, below, what is said of its parts.</p>' : ''}
${lossTable(comparison)}<h2>Time by part, and what bounds it</h2>
${boundTable(designs)}
<h2>Read with care</h2>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}
${SCOPE.map((text) => `<li>${text}</li>`).join('\n')}</ul>
<h2>Repeat it</h2>
<p><code>${escapeHtml(command)}</code></p>
<p class="soft">mugi ${escapeHtml(version)}; DRAM ${environment.dramGBps} GB/s at ${environment.dramPicojoulesPerBit} pJ/bit; NoC links ${environment.linkBits} bit; ${environment.carbonIntensity} gCO₂e/kWh; fabrication ${environment.fabricationMJPerMm2} MJ/mm², ${environment.lifetimeYears} years. Switches of the published model that are repaired (docs/quirks.md): ${repaired.length === 0 ? 'none' : repaired.map((name) => `<abbr title="${escapeHtml(REPAIRS[name])}">${name}</abbr>`).join(', ')}.</p>`;
  return htmlPage(`mugi: ${workload.model}`, body, live);
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function cards({ name, gains, accuracy: loss }: Compared, { baseline, accuracy }: Comparison): string {
  const shown = COLUMNS.map(({ metric, label }) => {
    const gain = gains[metric];
    if (gain === undefined) return '';
    return `<div class="card ${verdict(gain)}"><b>${gainText(gain)}</b><span>${escapeHtml(label)}</span></div>`;
  });
  return `<p>Of the others, <b>${escapeHtml(name)}</b> has the lowest energy × delay × area. Gains over ${escapeHtml(baseline)}, of which <span class="better">blue is better</span> and <span class="worse">orange is worse</span>:</p><div class="cards">
${shown.join('\n')}
${loss && accuracy ? `<div class="card"><b>${lossWord(loss)}</b><span>${lossText(loss)}: loss of ${escapeHtml(accuracy.model)}, nats, against the stored model</span></div>` : ''}
</div>`;
}

/** What makes the losses up, designs of one arithmetic together. */
function lossTable(comparison: Comparison): string {
  const table = partsTable(comparison, lossText);
  if (table === undefined) return '';
  const rows = table.rows.map(([designs, ...cells]) => [escapeHtml(designs), ...cells]);
  return `<h2>What the losses are made up of</h2>
<p class="soft">Nats per target: each part alone above the stored model; sums above exact ones.</p>
${htmlTable(table.header, rows)}
`;
}

/** The loss in one number or word, as large as the ratios beside it. */
const lossWord = (loss: NonNullable<Compared['accuracy']>): string =>
  loss.tie ? 'tie' : lossText(loss).split(' ')[0];

function meritTable({ designs, baseline, accuracy }: Comparison): string {
  const columns = COLUMNS.map((column) => {
    const values = designs.map(({ metrics }) => metrics[column.metric] ?? Number.NaN);
    return { ...column, ...scaledUnit(values, column.unit) };
  });
  const header = [
    'design',
    ...columns.map(
      ({ short, label, unit }) => `<abbr title="${label}">${short}</abbr><br><small>${unit}</small>`,
    ),
    '<abbr title="how nonlinear functions are computed">method</abbr>',
    ...(accuracy
      ? [
          `<abbr title="measured loss of all that the design does above the stored model, nats per target, ± 95 %">loss − stored of ${escapeHtml(accuracy.model)}</abbr>`,
        ]
      : []),
  ];
  const rows = designs.map(({ name, metrics, gains, method, cautions, accuracy: loss }) => [
    `${escapeHtml(name)}${name === baseline ? ' <small>baseline</small>' : ''}${cautions.length > 0 ? ` <abbr title="${escapeHtml(cautions.join('; '))}">†</abbr>` : ''}`,
    ...columns.map(({ metric, scale }) => {
      const value = metrics[metric];
      if (typeof value !== 'number') return '–';
      const gain = gains[metric];
      const own = gain === undefined ? '' : `<br><small class="${verdict(gain)}">${gainText(gain)}</small>`;
      return `${readable(value * scale)}${own}`;
    }),
    escapeHtml(method),
    ...(accuracy ? [loss ? lossText(loss) : '–'] : []),
  ]);
  return htmlTable(
    header,
    rows,
    designs.findIndex(({ name }) => name === baseline),
  );
}

function boundTable(designs: readonly Compared[]): string {
  const rows = designs.map(({ name, breakdown }) => [
    escapeHtml(name),
    ...GROUPS.map((group) => {
      const { share, bound } = breakdown[group];
      return bound === null ? '–' : `${(share * 100).toFixed(1)} % <small>${bound}</small>`;
    }),
  ]);
  return htmlTable(['design', ...GROUPS], rows);
}
