import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStudio, type Studio, withoutBrowser } from './browser.ts';
import { COMPARE } from './journeys/compare.ts';
import { PATIENT } from './journeys/journey.ts';
import { OTHERS } from './journeys/others.ts';

describe.skipIf(withoutBrowser())('journeys', () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio();
  });
  afterAll(() => studio.close());

  it('are thirty at least', () => {
    expect(COMPARE.length + OTHERS.length).toBeGreaterThanOrEqual(30);
  });

  it.each([...COMPARE, ...OTHERS])('%s', PATIENT, async (_, from, go) => {
    const page = await studio.open(from);
    await go(page);
    expect(page.complaints).toEqual([]);
    await page.close();
  });
});
