import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { switchedDesign } from '../../src/cli/source/switched-design.ts';
import { loadDesign } from '../../src/source/design.ts';
import { evaluatePoint, pricedDesign } from '../../src/question/point.ts';
import { preset } from '../../src/published/preset.ts';
import { PUBLISHED_45 } from '../../src/technology/published-45.ts';
import { refusal } from '../refusal.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-designs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const load = (name: string) => loadDesign(name, preset('corrected'), PUBLISHED_45);
const mistake = (name: string) => refusal(() => load(name));
function write(text: string | Uint8Array, name = 'design.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const EXAMPLE = readFileSync('examples/designs/dot-product.yaml', 'utf8');
/** The full example with one piece of text changed. */
function broken(from: string, to: string): string {
  expect(EXAMPLE).toContain(from);
  return EXAMPLE.replace(from, to);
}
/** Line and column of the bar in `mark`, found in a text without it. */
function place(text: string, mark: string): string {
  const found = text.indexOf(mark.replace('¦', ''));
  expect(found, mark).toBeGreaterThanOrEqual(0);
  const before = text.slice(0, found + Math.max(0, mark.indexOf('¦'))).split('\n');
  return `${before.length}:${before.at(-1)!.length + 1}`;
}

describe('designs from files', () => {
  it('every example loads, under a name of its own', () => {
    const names = readdirSync('examples/designs').map(
      (file) => load(join('examples/designs', file)).design.name,
    );
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('dot-product');
  });

  it('a built-in name is the built-in design', () => {
    expect(load('mugi-256@4x4')).toBe(pricedDesign('mugi-256@4x4', preset('corrected'), PUBLISHED_45));
  });

  it('JSON is read too, a file’s name is the default, and @ sets the mesh', () => {
    const path = write('{"base": "sa-16", "size": 20}', 'edge.json');
    expect(load(path).design).toMatchObject({ name: 'edge', array: { rows: 20 } });
    expect(load(`${path}@2x3`).design.nodes).toEqual({ rows: 2, columns: 3 });
    expect(mistake(`${path}@2x3x4`).message).toContain('mesh that cannot be built');
  });
});

/** What is in the file; line:column: key of the error, a part of its message, the suggestion. */
const BASED: [string, string, string, string | undefined][] = [
  ['base: sa-16\nsise: 12\n', '2:1: sise', 'unknown key "sise"', 'size'],
  ['# a comment\n\nbase: mugi-255\n', '3:7: base', 'does not come in', 'mugi-256'],
  ['bse: mugi-256\n', '1:1: bse', 'unknown key "bse"', 'base'],
  ['name: x\n', '1:1', 'neither "base"', undefined],
  ['base: sa-16\nheight: 12\n', '2:1: height', 'does not apply to the base sa-16', undefined],
  ['base: mugi-256\nmethod: pwl\n', '2:1: method', 'does not apply to the base mugi-256', undefined],
  ['base: tensor\nsize: 8\n', '2:1: size', 'does not apply to the base tensor', undefined],
  ['base: sa-16\nmethod: pwll\n', '2:9: method', 'unknown value "pwll"', 'pwl'],
  ['base: sa-16\nsize: 0\n', '2:7: size', 'size is not valid', '1'],
  ['base: sa-16\nsize: -4\n', '2:7: size', 'size is not valid', '1'],
  ['base: sa-16\nsize: 3\n', '2:7: size', 'size 3 cannot be built', '4'],
  ['base: sa-16\nsize: 1000\n', '2:7: size', 'size 1000 cannot be built', '256'],
  ['base: sa-16\nsize: 1e300\n', '2:7: size', 'size is not valid', undefined],
  ['base: sa-16\nsize: 12.5\n', '2:7: size', 'size is not valid', undefined],
  ['base: sa-16\nsize: .nan\n', '2:7: size', 'size is not valid', undefined],
  ['base: sa-16\nsize: .inf\n', '2:7: size', 'size is not valid', undefined],
  ['base: sa-16\nsize: twelve\n', '2:7: size', 'size is not valid', undefined],
  ['base: mugi-256\nheight: 100\n', '2:9: height', 'height 100 cannot be built', '104'],
  ['base: sa-16\nmesh: 65x1\n', '2:7: mesh', 'a mesh of 65x1 cannot be built', '4x4'],
  ['base: sa-16\nmesh: 4\n', '2:7: mesh', 'mesh is not valid', undefined],
  ['base: sa-16\nname: mugi-256\n', '2:7: name', 'name of a built-in design', 'mugi-256-custom'],
  [
    'base: sa-16\nsram:\n  input: {kib: 65}\n',
    '3:10: sram.input',
    'no input SRAM of 65 KiB',
    '{kib: 64, word_bits: 256}',
  ],
  ['base: sa-16\nsram:\n  imput: {kib: 64}\n', '3:3: sram.imput', 'unknown key', 'input'],
  ['base: sa-16\nsram: {input: {word: 64}}\n', '2:16: sram.input.word', 'unknown key', 'word_bits'],
  ['base: sa-16\nsize: 12\nsize: 13\n', '3:1', 'second time', undefined],
  ['base: sa-16\narray: {}\n', '2:1: array', 'does one of them', undefined],
  ['base: sa-16\nsram: {input: {kib: 64', '2:23', 'end with a }', undefined],
  ['base: "sa-16\n', '2:1', 'Missing closing', undefined],
  ['base: sa-16\n---\nbase: sa-8\n', '2:1', 'second document', undefined],
  ['base: !!odd sa-16\n', '1:7', 'Unresolved tag', undefined],
  ['[1, 2]', '1:1', 'not a design', undefined],
  ['base: sa-16\n__proto__: {x: 1}\n', '2:1: __proto__', 'unknown key', undefined],
  ['? [a, b]\n: 3\n', '1:3', 'keys must be strings', undefined],
  ['just words\n', '1:1', 'not a design', undefined],
];

describe('mistakes in a changed design, with line and column', () => {
  it.each(BASED)('%j', (text, where, message, suggestion) => {
    const path = write(text);
    const details = mistake(path);
    expect(details.path).toBe(`${path}:${where}`);
    expect(details.message).toContain(message);
    expect(details.nearest).toBe(suggestion);
  });
});

/** Text to change in the full example and what to, where the error points (at the bar), its key, message, suggestion. */
const FULL: [string, string, string, string, string, string | undefined][] = [
  [
    'class: adderbf16, count: 896',
    'class: constructor, count: 896',
    'class: ¦constructor',
    'components.tree.class',
    'unknown logic class',
    'comparator',
  ],
  [
    'class: adderbf16, count: 896',
    'class: adderbf61, count: 896',
    'adderbf61',
    'components.tree.class',
    'unknown logic class',
    'adderbf16',
  ],
  ['{ ififo: 64 }', '{ ifofi: 64 }', 'ifofi', 'events.input load.ifofi', 'unknown component', 'ififo'],
  ['event: input load', 'event: input lode', 'input lode', 'gemm.0.event', 'unknown event', 'input load'],
  ['energy: steps_rows', 'energy: step_rows', 'step_rows', 'gemm.1.energy', 'unknown value', 'steps_rows'],
  [
    'energy: steps_used',
    'energy: steps_cells',
    'softmax:\n    reads: 3\n    writes: 2\n    rules:\n      - { event: vector function, energy: ¦steps_cells',
    'nonlinear.softmax.rules.0.energy',
    'unknown value',
    'steps_used',
  ],
  [
    'count: 1024, group: pe }\n  tree',
    'count: 1024, group: peh }\n  tree',
    'peh',
    'components.multiplier.group',
    'unknown value',
    'pe',
  ],
  [
    'width: 32',
    'depth: 32',
    'depth: 32',
    'components.operands.attributes.depth',
    'does not depend on depth',
    undefined,
  ],
  [
    'attributes: { width: 32 }, ',
    '',
    '{ class: register, count: 1024',
    'components.operands',
    'depends on width',
    undefined,
  ],
  [
    'element add:',
    'element sum:',
    'events:\n  ¦input load',
    'events',
    'need the event "element add", which is missing',
    undefined,
  ],
  ['drain: {', 'idle: { ofifo: 1 }\n  drain: {', 'idle', 'events.idle', 'in no rule', undefined],
  ['time: array_cycles', 'time: steps', '- { event: input load', 'gemm', 'products would be free', undefined],
  [
    'cycles: 45',
    'cycles: 0',
    'writes: 1\n    rules:\n      ¦- {',
    'nonlinear.activation.rules',
    'would be free',
    undefined,
  ],
  [
    'pipeline: { tail: 6 }',
    'pipeline: weight-stationary',
    'stationary: ¦output',
    'array.stationary',
    'keeps its weights in place',
    'weight',
  ],
  [
    'pipeline: { tail: 6 }',
    'pipeline: output-stationary',
    '8 # products',
    'array.depth',
    'one product of K a cycle',
    '1',
  ],
  ['pipeline: { tail: 6 }', 'pipeline: { taill: 6 }', 'taill', 'array.pipeline.taill', 'unknown key', 'tail'],
  ['scaling: rows', 'scaling: colums', 'colums', 'scaling', 'not valid', undefined],
  [
    'count: 16, group: vector }\n  vector_adder',
    'count: -16, group: vector }\n  vector_adder',
    '-16',
    'components.vector_multiplier.count',
    'not valid',
    '1',
  ],
  ['drain: { ofifo: 16 }', 'drain: { ofifo: .nan }', '.nan', 'events.drain.ofifo', 'not valid', undefined],
  [
    'drain: { ofifo: 16 }',
    'drain: { ofifo: 0 }',
    '0 }\n  dequantise',
    'events.drain.ofifo',
    'not valid',
    undefined,
  ],
  [
    'word_bits: 256',
    'word_bits: 300',
    '{ kib: 64, word_bits: 300',
    'sram.output',
    'no output SRAM',
    '{kib: 64, word_bits: 256}',
  ],
  ['  tree: {', '  router: {', 'router', 'components.router', 'every design has', undefined],
  ['elementwise: {', 'elementwize: {', 'elementwize', 'elementwize', 'unknown key', 'elementwise'],
];

describe('mistakes in a new design, with line and column', () => {
  it.each(FULL)('%s → %s', (from, to, mark, key, message, suggestion) => {
    const text = broken(from, to);
    const path = write(text);
    const details = mistake(path);
    expect(details.path).toBe(`${path}:${place(text, mark)}: ${key}`);
    expect(details.message).toContain(message);
    expect(details.nearest).toBe(suggestion);
  });
});

describe('files that cannot be designs', () => {
  it('missing, with the nearest name beside it', () => {
    write('base: sa-16\n', 'my-array.yaml');
    const details = mistake(join(folder, 'my-aray.yaml'));
    expect(details).toMatchObject({ code: 'missing-file', nearest: join(folder, 'my-array.yaml') });
    expect(mistake(join(folder, 'nowhere', 'x.yaml')).nearest).toBeUndefined();
  });

  it('a folder, an empty file, a foreign name, bytes, a huge file, too many aliases', () => {
    mkdirSync(join(folder, 'folder.yaml'));
    expect(mistake(join(folder, 'folder.yaml')).message).toContain('folder');
    expect(mistake(write('')).message).toBe('the file is empty');
    expect(mistake(write('# nothing\n')).message).toBe('the file is empty');
    expect(mistake(write('base: sa-16\n', 'design.txt')).message).toContain('does not say');
    expect(mistake(write(new Uint8Array([0xff, 0xfe, 0x00]))).message).toContain('UTF-8');
    expect(mistake(write(`# ${'x'.repeat(1 << 20)}`)).message).toContain('larger than');
    const aliases = `a: &a [1, 1]\n${Array.from({ length: 20 }, (_, i) => `b${i}: &b${i} [${'*a, '.repeat(20)}]`).join('\n')}\n`;
    expect(mistake(write(aliases)).code).toBe('invalid-file');
  });
});

it('a file whose array claims more products than its parts make is told so in every output', () => {
  const wide = write(broken('rows: 16 #', 'rows: 32 #'), 'wide.yaml');
  const claim = 'claims 2048 products a step of 1 cycle (8 × 32 × 8), but "multiplier" fires 1024 times';
  const use = ['--model', 'llama-2-7b', '--batch', '1', '--context', '128'];
  const mugi = (...args: string[]): string =>
    execFileSync(process.execPath, ['bin/mugi.js', ...args], { encoding: 'utf8' });
  const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
  const text = mugi('compare', '--designs', wide, ...use);
  expect(flat(text)).toContain(claim);
  expect(text).toContain(' dot-product † ');
  expect(
    (JSON.parse(mugi('compare', '--designs', wide, ...use, '--json')) as { notes: string[] }).notes.join(),
  ).toContain(claim);
  expect(flat(mugi('evaluate', '--design', wide, ...use))).toContain(claim);
  expect(flat(mugi('designs', wide))).toContain(claim);
  expect(mugi('compare', '--designs', 'examples/designs/dot-product.yaml', ...use)).not.toContain('claims');
});

describe('a built-in design with switches of VLP', () => {
  it('is one that is not built in, and no file', () => {
    const design = switchedDesign('mugi-64@2x2', { norms: 'vlp' });
    expect(design).toEqual({ base: 'mugi-64@2x2', name: 'mugi-64-norms-vlp', norms: 'vlp' });
    const { priced } = evaluatePoint({ design, model: 'llama-2-7b', context: 256 });
    expect(priced.design.provenance).toBe('not built in: mugi-64@2x2 with its own norms');
  });

  it.each(['xx', 'mugi-65', 'mugi-64@9', 'best:sa-16'])(
    '%s is refused as the design that was asked for',
    (name) => {
      expect(() => switchedDesign(name, { norms: 'vlp' })).toThrow(
        expect.objectContaining({ details: expect.objectContaining({ path: 'design' }) }),
      );
    },
  );
});
