/**
 * Script time of one step of a slider in the Compare view: the designs of the start are evaluated again, the best systolic
 * array searched anew, and the page is drawn by React. Measured in Chromium on one thread, against a frame of 60 Hz.
 * Then what a reader waits for: the first view's bytes, and all designs of a new space in the Explore view, with the longest
 * time in which the page draws nothing.
 * usage: npm run bench:studio
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { openStudio } from '../test/studio/browser.ts';
import { textTable } from '../src/present/table.ts';

const STEPS = 200;
const FRAME_MS = 1000 / 60;

const studio = await openStudio();
const rows: string[][] = [];
for (const [what, fragment] of [
  ['7 designs, baseline sa-16-os', '#/compare?v=1&baseline=sa-16-os'],
  ['7 designs, searched baseline (best:sa-16)', ''],
] as const) {
  const page = await studio.open(fragment);
  const times = await page.evaluate((steps) => {
    const slider = document.querySelector<HTMLInputElement>('input[type=range]')!;
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
    return Array.from({ length: steps }, (_, i) => {
      const begin = performance.now();
      set.call(slider, String(1 + (i % 9)));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      return performance.now() - begin;
    });
  }, STEPS);
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))];
  rows.push([what, at(0.5).toFixed(2), at(0.95).toFixed(2), `${(FRAME_MS / at(0.5)).toFixed(1)}×`]);
  await page.close();
}
console.log(textTable(['a step of the batch slider', 'median ms', '95 % ms', 'steps in a frame'], rows));

const first = await studio.browser.newPage();
const files: string[] = [];
first.on('request', (request) => files.push(new URL(request.url()).pathname));
await first.goto(studio.address);
await first.waitForSelector('table.merits');
await first.close();
const bytes = files.reduce(
  (sum, path) => sum + gzipSync(readFileSync(studio.folder + (path === '/' ? '/index.html' : path))).length,
  0,
);
console.log(
  `\nfirst view: ${(bytes / 1000).toFixed(0)} kB compressed in ${files.length} files (at most 300)`,
);

const page = await studio.open('#/explore?v=1&.space=vary%3A%20%7Bheight%3A%2064%7D');
await page.waitForSelector('[data-done=true]');
const waited = await page.evaluate(async () => {
  const gaps: number[] = [];
  let last = performance.now();
  const frame = (now: number): void => {
    gaps.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const begin = performance.now();
  location.hash = '#/explore?v=1';
  let coarse = 0;
  for (;;) {
    await new Promise((done) => setTimeout(done, 5));
    const shown = document.querySelector('[data-done]');
    if (coarse === 0 && shown?.getAttribute('data-done') === 'false') coarse = performance.now() - begin;
    if (coarse > 0 && shown?.getAttribute('data-done') === 'true') break;
  }
  return { coarse, whole: performance.now() - begin, gap: Math.max(...gaps) };
});
console.log(
  `Explore, the example of a hundred thousand designs: seen after ${waited.coarse.toFixed(0)} ms, all after ${waited.whole.toFixed(0)} ms, longest pause of the page ${waited.gap.toFixed(0)} ms`,
);
await page.close();
await studio.close();
