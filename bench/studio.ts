/**
 * Script time of one step of a slider in the Compare view: the designs of the start are evaluated again, the best systolic
 * array searched anew, and the page is drawn by React. Measured in Chromium on one thread, against a frame of 60 Hz.
 * Then what a reader waits for: the first view's bytes, and all designs of a new space in the Explore view, whole and for each
 * hundred thousand, with the longest time in which the page draws nothing.
 * usage: npm run bench:studio
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { openStudio } from '../test/studio/browser.ts';
import { textTable } from '../src/present/table.ts';
import { EXAMPLE } from '../web/view/explore/space-text.ts';

const STEPS = 200;
const REST_MS = 1000;
const FRAME_MS = 1000 / 60;

const studio = await openStudio();
const rows: string[][] = [];
for (const [what, fragment] of [
  ['7 designs, baseline sa-16-os', '#/compare?v=1&baseline=sa-16-os'],
  ['7 designs, searched baseline (best:sa-16)', ''],
] as const) {
  const page = await studio.open(fragment);
  // Nobody takes hold of a slider before a page has rested.
  await page.waitForTimeout(REST_MS);
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

/** A use that the example's points have not been evaluated for. */
const OTHER = EXAMPLE.replace('batch: 8', 'batch: 16');

const page = await studio.open('#/explore?v=1&.space=vary%3A%20%7Bheight%3A%2064%7D');
await page.waitForSelector('[data-done=true]');
const walks: string[][] = [];
for (const [what, fragment] of [
  ['the example, in a page just opened', '#/explore?v=1'],
  ['another use, in the same page', `#/explore?v=1&.space=${encodeURIComponent(OTHER)}`],
] as const) {
  // The drawing of what was there before has come to its end.
  await page.waitForTimeout(REST_MS);
  const { seen, whole, gap, designs } = await page.evaluate(async (hash) => {
    const gaps: number[] = [];
    let [last, done] = [performance.now(), false];
    const frame = (now: number): void => {
      gaps.push(now - last);
      last = now;
      if (!done) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    const begin = performance.now();
    location.hash = hash;
    let seen = 0;
    for (;;) {
      await new Promise((rest) => setTimeout(rest, 5));
      const shown = document.querySelector('[data-done]');
      if (seen === 0 && shown?.getAttribute('data-done') === 'false') seen = performance.now() - begin;
      if (seen === 0 || shown?.getAttribute('data-done') !== 'true') continue;
      done = true;
      const designs = Number(shown.textContent!.replaceAll(',', '').split(' ')[0]);
      return { seen, whole: performance.now() - begin, gap: Math.max(...gaps), designs };
    }
  }, fragment);
  walks.push([
    what,
    String(designs),
    seen.toFixed(0),
    whole.toFixed(0),
    ((whole * 1e5) / designs).toFixed(0),
    gap.toFixed(0),
  ]);
}
console.log();
console.log(
  textTable(['Explore', 'designs', 'seen ms', 'all ms', 'ms per 100,000', 'longest pause ms'], walks),
);
await page.close();
await studio.close();
