import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root, tableOf } from './page.ts';

/** docs/mesh.md says what mapping changes: its table is held to the command. */
interface Row {
  design: string;
  tokens_per_s: number;
  tokens_per_J: number;
}

it('the table of meshes is what compare gives, divided and mapped', () => {
  const rows = tableOf('docs/mesh.md', 'tokens/s, divided');
  const designs = rows.map(([design]) => design!);
  expect(designs.length).toBeGreaterThan(3);
  const given = (...flags: string[]): Row[] => {
    const args = [
      'bin/mugi.js',
      'compare',
      '--designs',
      designs.join(','),
      '--baseline',
      designs[0]!,
      '--json',
    ];
    const printed = execFileSync(process.execPath, [...args, ...flags], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 64e6,
    });
    return (JSON.parse(printed) as { designs: Row[] }).designs;
  };
  const [divided, mapped] = [given('--without', 'mesh'), given()];
  for (const [design, ...cells] of rows) {
    const [one, other] = [divided, mapped].map((all) => all.find((row) => row.design === design)!);
    expect([design, ...cells]).toEqual([
      design,
      one!.tokens_per_s.toPrecision(4),
      other!.tokens_per_s.toPrecision(4),
      one!.tokens_per_J.toFixed(2),
      other!.tokens_per_J.toFixed(2),
    ]);
  }
});
