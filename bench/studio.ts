/**
 * Script time of one step of a slider in the Compare view: the designs of the start are evaluated again, the best systolic
 * array searched anew, and the page is drawn by React. Measured in Chromium on one thread, against a frame of 60 Hz.
 * usage: npm run bench:studio
 */
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
await studio.close();
