import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Result } from '../../explore/result.ts';
import { resultPlots } from '../../explore/result-plots.ts';
import { columnsOf } from '../../explore/chunk.ts';
import { trackedOf } from '../../explore/space/plan.ts';
import type { PlotSpec } from '../../present/figure.ts';
import { escapeHtml, htmlPage, htmlTable } from '../../present/html.ts';
import { renderSvg } from '../../present/plot.ts';
import { readable } from '../../present/readable.ts';
import { LOSS } from '../../explore/space/loss.ts';
import { version } from '../../version.ts';
import { goalsOf, howFar } from './explore.ts';
import { lossByPoint, lossText, raceText } from './explore-loss.ts';
import { livePage } from '../source/live-page.ts';
import { spaceAddress } from '../source/live-address.ts';
import { writeFigure, writeResult } from '../options/written.ts';

/** Rows of the front that a page shows. */
const MOST = 200;

/** Writes the designs of a front as design files, ready for every other command; a built-in one needs none. */
function writeDesigns(folder: string, { front }: Result): void {
  for (const { design, point, commands } of front) {
    const file = typeof design === 'string' ? { base: design, name: `design-p${point}` } : design;
    const { name } = file as { name: string };
    writeResult(join(folder, `${name}.yaml`), `# point ${point}: ${commands[0]}\n${stringify(file)}`);
  }
}

async function writePictures(folder: string, result: Result): Promise<void> {
  for (const { name, title, spec } of resultPlots(result))
    await writeFigure(join(folder, `${name}.svg`), { ...spec, title } as unknown as PlotSpec);
}

/** One page that needs no network: what was asked, the front, pictures, and the commands that repeat it. */
async function resultHtml(result: Result, command: string): Promise<string> {
  const { space, tally, front, raced } = result;
  const { objectives, models, varied } = space.plan;
  const losses = lossByPoint(result);
  const figures: string[] = [];
  for (const { title, caption, spec } of front.length > 0 ? resultPlots(result) : []) {
    const svg = await renderSvg(spec as unknown as PlotSpec);
    figures.push(
      `<h2>${escapeHtml(title)}</h2><figure>${svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
    );
  }
  const parameters = columnsOf(space);
  const metrics = [...new Set([...objectives.map(({ metric }) => metric), ...trackedOf(space.plan)])];
  const rows = front
    .slice(0, MOST)
    .map((point) => [
      String(point.point),
      ...parameters.map((name) => escapeHtml(String(point.parameters[name] ?? '–'))),
      ...metrics.map((name) => readable(point.metrics[name as 'tokens'])),
      ...(raced === undefined ? [] : [lossText(losses.get(point.point))]),
    ]);
  const bounds = space.plan.within.map(
    ({ text }, c) =>
      `<li>${escapeHtml(text)} leaves out ${tally.broken[c].count} of ${tally.evaluated}, ${tally.broken[c].alone} alone</li>`,
  );
  const reasons = tally.reasons.map(([reason, count]) => `<li>${count} of them: ${escapeHtml(reason)}</li>`);
  const race = raceText(result).map((line) => `<li>${escapeHtml(line)}</li>`);
  const names = models.map(({ name }) => name).join(', ');
  const body = `
<h1>${front.length} designs for ${escapeHtml(names)}</h1>
<p class="lead">${escapeHtml(goalsOf(result))}; ${escapeHtml(howFar(result))}; ${varied.length} ${varied.length === 1 ? 'parameter' : 'parameters'}.</p>
<ul>${[...bounds, ...race].join('')}<li>${tally.unbuildable} points cannot be built or priced</li>${reasons.join('')}</ul>
${figures.join('\n')}
<h2>The front</h2>
${htmlTable(['point', ...parameters, ...metrics, ...(raced === undefined ? [] : [LOSS])].map(escapeHtml), rows)}
${front.length > MOST ? `<p class="soft">${MOST} of ${front.length} points; the files hold all.</p>` : ''}
<h2>Repeat it</h2>
<p><code>${escapeHtml(command)}</code></p>
<p class="soft">mugi ${escapeHtml(version)}</p>`;
  return htmlPage(`mugi explore: ${names}`, body, livePage(spaceAddress(space.plan)));
}

/** Writes what is asked for of a result. */
export async function writeFiles(
  { html, plots, yaml }: { html?: string; plots?: string; yaml?: string },
  result: Result,
  command: string,
): Promise<void> {
  if (html !== undefined) writeResult(html, await resultHtml(result, command));
  if (plots !== undefined && result.front.length > 0) await writePictures(plots, result);
  if (yaml !== undefined) writeDesigns(yaml, result);
}
