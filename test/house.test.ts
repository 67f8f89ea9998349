import { describe, expect, it } from 'vitest';
import { arrows, diagram, drawn, plan, roomOf, sourceFiles, unusedExports } from '../scripts/house.ts';

const files = [...sourceFiles('src'), ...sourceFiles('web')];
const rooms = plan();
const found = arrows(files);

/** Rooms that touch nothing outside the process. */
const PURE = new Set(
  (
    'shown errors json protobuf units version number vlp approximation technology artifact machine workload huggingface onnx design published question ' +
    'handover evaluate explore index simulate'
  ).split(' '),
);

/** Rooms whose exports are for users of the package, as long as no command takes them. */
const FOR_USERS = new Set(['index', 'doors', 'explore']);

describe('the house', () => {
  it('has a row for every room', () => {
    expect(rooms.map(({ name }) => name).toSorted()).toEqual(
      [...new Set(files.map(({ path }) => roomOf(path)))].toSorted(),
    );
  });

  it('imports only along the arrows of CONTRIBUTING.md', () => {
    const allowed = new Set(rooms.flatMap(({ name, imports }) => imports.map((to) => `${name} → ${to}`)));
    expect([...found].filter(([arrow]) => !allowed.has(arrow))).toEqual([]);
  });

  it('draws no arrow that no import needs', () => {
    const unused = rooms
      .filter(({ imports }, i) => imports.length < i)
      .flatMap(({ name, imports }) => imports.map((to) => `${name} → ${to}`))
      .filter((arrow) => !found.has(arrow));
    expect(unused).toEqual([]);
  });

  it('points its arrows at rows above', () => {
    const above = new Set<string>();
    for (const { name, imports } of rooms) {
      expect(imports.filter((to) => !above.has(to))).toEqual([]);
      above.add(name);
    }
  });

  it('shows the picture of its table', () => {
    expect(drawn()).toBe(diagram(rooms));
  });

  it('keeps its pure rooms apart from Node', () => {
    const impure = files.filter(
      ({ path, text }) => PURE.has(roomOf(path)) && /from 'node:|\bprocess\.(?!env)/.test(text),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
    const reaching = rooms.filter(
      ({ name, imports }) => PURE.has(name) && imports.some((to) => !PURE.has(to)),
    );
    // Machines are built with `hardware`, of which only synthesis needs Node: it runs Yosys in a worker.
    expect(reaching.map(({ name }) => name)).toEqual(['machine']);
  });

  it('has short files', () => {
    const long = files.filter((file) => file.lines > 300);
    expect(long.map(({ path }) => path)).toEqual([]);
    const lines = files.map((file) => file.lines).toSorted((a, b) => a - b);
    expect(lines[Math.floor(lines.length / 2)]).toBeLessThanOrEqual(100);
  });

  it('exports only what somebody imports', () => {
    const users = [...files, ...sourceFiles('bench'), ...sourceFiles('scripts')];
    const unused = unusedExports(users, sourceFiles('test')).filter(
      ({ path }) => path.startsWith('src/') && !FOR_USERS.has(roomOf(path)),
    );
    expect(unused).toEqual([]);
  });
});
