import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { difference, root, textOf } from './page.ts';

const page = textOf('docs/start.md');
const blocks = [...page.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language, body]) => ({
  language,
  body: body!,
}));

const installed = spawnSync('iverilog', ['-V']).status === 0;
if (!installed && process.env.MUGI_REQUIRE_TOOLS === undefined)
  process.stderr.write('docs/start.md, step 3: skipped, Icarus Verilog is not installed\n');

describe('docs/start.md', () => {
  it('runs from its first line to its last in one shell', { timeout: 120_000 }, () => {
    const steps = blocks.filter(({ language }) => language === 'sh');
    expect(steps.length).toBe(8);
    for (const { body } of steps) {
      if (body.includes('iverilog') && !installed && process.env.MUGI_REQUIRE_TOOLS === undefined) continue;
      const at = blocks.findIndex((block) => block.body === body);
      const shown = blocks[at + 1];
      const { stdout, stderr, status } = spawnSync(
        'bash',
        ['-ec', body.replaceAll('npx mugi', 'node bin/mugi.js')],
        { cwd: root, encoding: 'utf8', env: { ...process.env, COLUMNS: '120', NO_COLOR: '1' } },
      );
      expect(status, stderr).toBe(0);
      if (shown?.language !== 'text') expect(stdout.length).toBeGreaterThan(100);
      else expect(difference(stdout, shown.body.replace(/\n$/, '').split('\n'))).toBe(undefined);
    }
  });

  it('shows the input that the command reads', () => {
    const shown = blocks.find(({ language }) => language === 'json')!;
    const file = readFileSync(`${root}examples/inputs/three-products.json`, 'utf8');
    expect(JSON.parse(shown.body)).toEqual(JSON.parse(file));
  });

  it('shows a line of the Verilog that is written', () => {
    const shown = blocks.find(({ language }) => language === 'verilog')!;
    expect(readFileSync(`${root}out/start/temporal_converter.v`, 'utf8')).toContain(shown.body.trim());
  });
});
