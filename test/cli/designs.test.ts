import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { loadDesign } from '../../src/source/design.ts';
import { parseDesignFile } from '../../src/design/design-file.ts';
import { FAMILIES, designNames } from '../../src/design/index.ts';
import { preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-cli-designs-'));
afterAll(() => rmSync(folder, { recursive: true }));
const docs = readFileSync('docs/designs.md', 'utf8');
const mugi = (...args: string[]): string =>
  execFileSync(process.execPath, ['bin/mugi.js', 'designs', ...args], { encoding: 'utf8' });
const blocks = (language: string): string[] =>
  [...docs.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!);

describe('mugi designs', () => {
  it('lists every built-in design with its figures', () => {
    const { designs, preset: name } = JSON.parse(mugi('--json', '--preset', 'as-published'));
    expect(name).toBe('as-published');
    expect(designs.map(({ design }: { design: string }) => design)).toEqual(designNames());
    const m256 = designs.find(({ design }: { design: string }) => design === 'mugi-256');
    expect(m256).toMatchObject({ rows: 256, columns: 8, method: 'vlp', provenance: 'published' });
    expect(m256.area_mm2).toBeCloseTo(3.100791881, 8);
    expect(m256.peak_macs_per_cycle).toBe(256);
    expect(
      mugi()
        .split('\n')
        .filter((line) => / published$| ours$/.test(line)),
    ).toHaveLength(designs.length);
    expect(mugi('--csv').trim().split('\n')).toHaveLength(designs.length + 1);
  });

  it('shows a design whose parts sum to the chip', () => {
    const { designs } = JSON.parse(mugi('sa-16@2x2', 'examples/designs/dot-product.yaml', '--json'));
    expect(designs.map(({ design }: { design: string }) => design)).toEqual(['sa-16@2x2', 'dot-product']);
    for (const { components, memories, area_mm2, leakage_W } of designs) {
      const sum = (key: 'area_mm2' | 'leakage_mW'): number =>
        [...components, ...memories].reduce((total, part) => total + part[key], 0);
      expect(sum('area_mm2') / area_mm2).toBeCloseTo(1, 12);
      expect(sum('leakage_mW') / 1e3 / leakage_W).toBeCloseTo(1, 12);
      for (const { source } of [...components, ...memories]) expect(source).toBeTruthy();
    }
    const rows = mugi('sa-16@2x2', '--csv').trim().split('\n');
    expect(rows).toHaveLength(1 + designs[0].components.length + 3);
    const text = mugi('mugi-64');
    for (const word of ['window_select', 'output_sram', 'temporal coder', 'CACTI 7', 'Mugi artifact'])
      expect(text).toContain(word);
  });

  it('the schema takes what the program takes', () => {
    const schema = z.fromJSONSchema(JSON.parse(mugi('--schema')));
    for (const file of readdirSync('examples/designs')) {
      const text = readFileSync(join('examples/designs', file), 'utf8');
      expect(schema.safeParse(parseDesignFile(file, text).value).success, file).toBe(true);
    }
    for (const value of [
      { base: 'sa-16', sise: 4 },
      { base: 4 },
      { name: 'x' },
      [],
      { base: 'sa-16', mesh: '4' },
    ])
      expect(schema.safeParse(value).success).toBe(false);
  });

  it('mistakes end with status 1 and one message', () => {
    for (const args of [
      ['mugi-65'],
      ['--schema', 'mugi-64'],
      ['--preset', 'x'],
      ['--technology', 'x'],
      ['no.yaml'],
      ['--nope'],
    ]) {
      const { status, stderr, stdout } = spawnSync(process.execPath, ['bin/mugi.js', 'designs', ...args], {
        encoding: 'utf8',
      });
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^mugi: /);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });
});

describe('docs/designs.md', () => {
  it('every YAML example is a design, and the full one is the file that it names', () => {
    const examples = blocks('yaml');
    expect(examples).toHaveLength(3);
    examples.forEach((text, i) => {
      const path = join(folder, `example-${i}.yaml`);
      writeFileSync(path, text);
      expect(loadDesign(path, preset('corrected'), PUBLISHED_45).area).toBeGreaterThan(0);
    });
    expect(examples[2]).toBe(readFileSync('examples/designs/dot-product.yaml', 'utf8'));
  });

  it('the error shown is the error printed', () => {
    const path = join(folder, 'my-design.yaml');
    writeFileSync(path, 'base: sa-16\nsise: 12\n');
    const { stderr } = spawnSync(process.execPath, ['bin/mugi.js', 'designs', path], { encoding: 'utf8' });
    expect(blocks('text')).toContain(stderr.replace(path, 'my-design.yaml'));
  });

  it('the commands run', () => {
    for (const line of blocks('sh').flatMap((block) => block.trim().split('\n')))
      execFileSync(process.execPath, ['bin/mugi.js', ...line.split(' ').slice(1)]);
  });

  it('the table of names covers every family, with its sizes', () => {
    for (const { pattern, sizes, range } of FAMILIES) {
      const letter = range?.key === 'height' ? 'H' : 'N';
      expect(docs).toContain(`\`${pattern.replace('{size}', letter)}\``);
      if (range === undefined) continue;
      expect(docs).toContain(`${letter} = ${sizes.join(', ')}`);
      expect(docs).toContain(`from ${range.min} to ${range.max}`);
    }
  });
});
