import { REPAIR_NAMES, REPAIRS } from '../published/preset.ts';
import { GROUPS } from '../workload/operator.ts';
import { COLUMNS, type Compared, type Comparison, lossText } from './comparison.ts';
import { comparisonPlots } from './comparison-plots.ts';
import { escapeHtml, htmlPage, htmlTable } from '../present/html.ts';
import { renderSvg } from '../present/plot.ts';
import { readable } from '../present/readable.ts';

/** A self-contained page for a comparison: the answer first, then pictures, figures, and what they rest on. */
export async function comparisonHtml(
  comparison: Comparison,
  command: string,
  version: string,
): Promise<string> {
  const { baseline, designs, evaluations, notes } = comparison;
  const { workload, preset, environment, priced } = evaluations[0];
  const best = bestOf(comparison);
  const figures = [];
  for (const { title, caption, spec } of comparisonPlots(comparison)) {
    const svg = await renderSvg(spec);
    figures.push(
      `<h2>${escapeHtml(title)}</h2><figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
    );
  }
  const repaired = REPAIR_NAMES.filter((name) => preset.repairs[name]);
  const body = `
<h1>${escapeHtml(workload.model)} on ${designs.length} accelerators</h1>
<p class="lead">Batch ${workload.batch}, ${workload.context} tokens of context (${workload.prefill} of them prompt), preset <b>${escapeHtml(preset.name)}</b>, ${escapeHtml(priced.technology.title)}, ratios to <b>${escapeHtml(baseline)}</b>.</p>
${cards(best, comparison)}
${figures.join('\n')}
<h2>Figures of merit</h2>
${meritTable(comparison)}
<h2>Time by part, and what bounds it</h2>
${boundTable(designs)}
<h2>Read with care</h2>
<ul>${notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}
<li>Energy, power and area are on-chip; DRAM traffic (${environment.dramPicojoulesPerBit} pJ/bit) is listed beside them, not added.</li>
<li>Operators run one after another; nothing is fused, every operator reads its inputs from DRAM and writes its results there.</li></ul>
<h2>Repeat it</h2>
<p><code>${escapeHtml(command)}</code></p>
<p class="soft">mugi ${escapeHtml(version)}; DRAM ${environment.dramGBps} GB/s; NoC links ${environment.linkBits} bit; ${environment.carbonIntensity} gCO₂e/kWh; fabrication ${environment.fabricationMJPerMm2} MJ/mm², ${environment.lifetimeYears} years. Repairs of the published model in force: ${repaired.length === 0 ? 'none' : repaired.map((name) => `<abbr title="${escapeHtml(REPAIRS[name])}">${name}</abbr>`).join(', ')}.</p>`;
  return htmlPage(`mugi: ${workload.model}`, body);
}

/** The design with the best energy–delay product beside the baseline. */
function bestOf({ designs, baseline }: Comparison): Compared {
  const rivals = designs.filter(({ name }) => name !== baseline);
  const candidates = rivals.length > 0 ? rivals : designs;
  return candidates.reduce((a, b) => (cost(b) < cost(a) ? b : a));
}

const cost = ({ metrics }: Compared): number => metrics.energy_delay_product_Js * metrics.area_mm2;

const card = (value: number | undefined, text: string): string =>
  value === undefined ? '' : `<div class="card"><b>${readable(value)}×</b><span>${text}</span></div>`;

function cards({ name, ratios, accuracy: loss }: Compared, { baseline, accuracy }: Comparison): string {
  return `<p><b>${escapeHtml(name)}</b> has the lowest energy × delay × area. Against ${escapeHtml(baseline)}:</p><div class="cards">
${card(ratios.tokens_per_s, 'tokens per second')}
${card(ratios.energy_per_token_J, 'energy per token')}
${card(ratios.area_mm2, 'area')}
${card(ratios.operational_gCO2e, 'operational carbon')}
${card(ratios.embodied_gCO2e, 'embodied carbon')}
${loss && accuracy ? `<div class="card"><b>${lossWord(loss)}</b><span>${lossText(loss)}: loss of ${escapeHtml(accuracy.model)}, nats, against the stored model</span></div>` : ''}
</div>`;
}

/** The loss in one number or word, as large as the ratios beside it. */
const lossWord = (loss: NonNullable<Compared['accuracy']>): string =>
  loss.tie ? 'tie' : lossText(loss).split(' ')[0];

function meritTable({ designs, baseline, accuracy }: Comparison): string {
  const header = [
    'design',
    ...COLUMNS.map(({ short, label }) => `<abbr title="${label}">${short}</abbr>`),
    '<abbr title="energy of off-chip traffic">DRAM J/token</abbr>',
    '<abbr title="how nonlinear functions are computed">method</abbr>',
    ...(accuracy
      ? [
          `<abbr title="measured loss of all that the design does above the stored model, nats per target, ± 95 %">loss − stored of ${escapeHtml(accuracy.model)}</abbr>`,
        ]
      : []),
  ];
  const rows = designs.map(({ name, metrics, ratios, method, accuracy: loss }) => [
    escapeHtml(name),
    ...COLUMNS.map(({ metric, scale }) => {
      const value = metrics[metric];
      if (typeof value !== 'number') return '–';
      const ratio = ratios[metric];
      return `${readable(value * scale)}${ratio === undefined ? '' : ` <small>${readable(ratio)}×</small>`}`;
    }),
    readable(metrics.energy_dram_J / metrics.tokens),
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
