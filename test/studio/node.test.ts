import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wordsOf } from '../../src/question/shell.ts';
import { commandLine, outputOf } from '../record/run.ts';
import { RIVALS } from '../../web/view/node/rivals.ts';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';

const OWN = '{"activations": [[1.5, -2]], "weights": [[7, -3], [0, 5]]}';

describe.skipIf(withoutBrowser())('the Node view', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it.each([
    '#/node?v=1',
    '#/node?v=1&.rows=16&.m=9&.k=5&.n=14&.seed=7&.preset=as-published',
    '#/node?v=1&.op=softmax&.n=9',
    '#/node?v=1&.op=gelu&.n=12&.cycle=20',
    `#/node?v=1&.values=${encodeURIComponent(OWN)}`,
  ])('shows what its command prints: %s', async (fragment) => {
    const page = await studio.open(fragment);
    const values = await page.$$eval('table.values data', (cells) =>
      cells.map((cell) => Number(cell.getAttribute('value'))),
    );
    const command = await page.locator('.command code').first().innerText();
    const printed = JSON.parse(
      await outputOf(await commandLine(process.cwd()), wordsOf(command).slice(2)),
    ) as { result_bits: number[][]; cycles: number; utilization: number; activity: Record<string, number> };
    expect(values).toEqual(printed.result_bits.slice(0, 16).flatMap((row) => row.slice(0, 16)));
    await page.getByText('Activity, which').click();
    const counted = await page.$$eval('data[data-of]', (cells) =>
      cells.map((cell) => [cell.getAttribute('data-of'), Number(cell.getAttribute('value'))] as const),
    );
    expect(counted.length).toBeGreaterThan(8);
    for (const [name, count] of counted) {
      expect(count, name ?? '').toBe(
        name === 'cycles' || name === 'utilization' ? printed[name] : printed.activity[name ?? ''],
      );
    }
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('plays, steps, follows a spike to where it came from, and keeps all of it in the address', async () => {
    const page = await studio.open('#/node?v=1&.cycle=22&.row=3');
    const heading = page.locator('.moments h2');
    expect(await heading.innerText()).toBe('Row 3, cycle 22');
    await page.getByRole('button', { name: 'where the spike begins' }).click();
    expect(await heading.innerText()).toBe('Row 3, cycle 19');
    await page.getByRole('button', { name: 'where the slot is read' }).click();
    expect(await heading.innerText()).toBe('Row 3, cycle 24');
    await page.getByRole('button', { name: '+1 cycle' }).click();
    await page.getByRole('button', { name: '−8 cycles' }).click();
    expect(await heading.innerText()).toBe('Row 3, cycle 17');
    await page.getByLabel('Cycles a second').selectOption('32');
    await page.getByRole('button', { name: 'Play' }).click();
    await expect.poll(() => heading.innerText(), { timeout: 60_000 }).toBe('Row 3, cycle 125');
    await expect.poll(() => page.getByRole('button', { name: 'Play' }).count(), { timeout: 60_000 }).toBe(1);
    await page.getByRole('slider', { name: 'Cycle', exact: true }).press('Home');
    await expect.poll(() => page.url(), { timeout: 60_000 }).toContain('.cycle=0');
    const picture = page.getByRole('img', { name: /Rows 0 to 7/ });
    const box = (await picture.boundingBox())!;
    await page.mouse.move(box.x + box.width - 8, box.y + 40);
    await expect.poll(() => heading.innerText(), { timeout: 60_000 }).toBe('Row 0, cycle 31');
    await page.goBack();
    await expect.poll(() => heading.innerText(), { timeout: 60_000 }).toBe('Row 3, cycle 0');
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it.each([...RIVALS])('plays the same GEMM on %s, as its command runs it', async (rival) => {
    const page = await studio.open(`#/node?v=1&.m=4&.k=6&.n=5&.cycle=9&.rival=${rival}`);
    const shown = await page.$$eval('p[data-rival] data', (cells) =>
      cells.map((cell) => Number(cell.getAttribute('value'))),
    );
    const command = await page.getByLabel('Command of the array').innerText();
    const printed = JSON.parse(
      await outputOf(await commandLine(process.cwd()), wordsOf(command).slice(2)),
    ) as { cycles: number; utilization: number };
    expect(shown).toEqual([printed.cycles, printed.utilization]);
    expect(await page.locator('p[data-rival]').innerText()).toContain('Equal to its arithmetic');
    expect(await page.getByRole('img', { name: /lanes of results .* In cycle 9 / }).count()).toBe(1);
    expect(page.complaints).toEqual([]);
    await page.close();
  });

  it('gives a tour, the Verilog of its modules, and room for own values', async () => {
    const page = await studio.open('#/node?v=1');
    await page.getByRole('button', { name: 'Take the tour' }).click();
    for (let step = 2; step <= 10; step++) {
      await page.getByRole('button', { name: 'Next' }).click();
      expect(await page.locator('.tour h2').innerText()).toContain(`${step} of 10`);
    }
    expect(await page.getByRole('button', { name: 'Next' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'End the tour' }).click();
    await page.getByLabel('Module').selectOption('row_fifo');
    await expect
      .poll(() => page.locator('pre.source').innerText(), { timeout: 60_000 })
      .toContain('module row_fifo');
    await page.getByLabel('Operation').selectOption('gemm');
    await page.getByRole('button', { name: 'Write values' }).click();
    const field = page.getByLabel('JSON, as a file of mugi simulate');
    await field.fill('{"activations": [[1, 2]], "weights": [[9, 1]]}');
    await expect
      .poll(() => page.locator('main .error').innerText(), { timeout: 60_000 })
      .toContain('a whole number from -7 to 7');
    await field.fill('{"activations": [[1, 2]], "weights": [[7, 1]]}');
    await page.waitForSelector('main .error', { state: 'detached' });
    await expect
      .poll(() => page.locator('table.values td').allInnerTexts(), { timeout: 60_000 })
      .toEqual(['9']);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
