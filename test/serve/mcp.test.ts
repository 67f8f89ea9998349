import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { metrics } from '../../src/evaluate/metrics.ts';
import { evaluatePoint } from '../../src/question/point.ts';
import { root } from '../docs/page.ts';
import { commandLine, outputOf } from '../record/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'mugi-mcp-'));
const named = join(folder, 'named.yaml');
const unnamed = join(folder, 'unnamed.yaml');
for (const file of [named, unnamed]) writeFileSync(file, 'base: mugi-256\nheight: 192\n');

const client = new Client({ name: 'test', version: '1' });
beforeAll(() =>
  client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(root, 'bin/mugi.js'), 'mcp', named],
      cwd: folder,
    }),
  ),
);
afterAll(async () => {
  await client.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  isError?: boolean;
  content: { type: string; text: string }[];
  structuredContent: Record<string, unknown> & {
    designs: Record<string, unknown>[];
    models: { model: string }[];
    error: { code: string; path?: string; nearest?: string };
  };
}
const call = async (name: string, given: Record<string, unknown>): Promise<Answer> =>
  (await client.callTool({ name, arguments: given })) as unknown as Answer;

/** What the command line prints for the same question. */
const printed = async (command: string): Promise<Record<string, unknown>> =>
  JSON.parse(await outputOf(await commandLine(process.cwd()), command.split(' '))) as Record<string, unknown>;

/** The same without its origin, which whoever asks knows. */
async function answered(command: string): Promise<object> {
  const { question: _, inputs: _inputs, ...answer } = await printed(command);
  return answer;
}

describe('mugi mcp', () => {
  it('lists read-only tools with schemas', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'compare',
      'evaluate',
      'why',
      'explore',
      'models',
      'designs',
    ]);
    for (const { annotations, inputSchema, description } of tools) {
      expect(annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false });
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(description).toBeTruthy();
    }
    expect(Object.keys(tools[1]!.inputSchema.properties!)).toEqual(
      expect.arrayContaining(['design', 'model', 'batch', 'preset', 'technology', 'lifetime']),
    );
  });

  it('evaluates as the library does, as text and as data', async () => {
    const { structuredContent, content } = await call('evaluate', { model: 'llama-2-7b', batch: 4 });
    expect(structuredContent).toMatchObject(
      metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-7b', batch: 4 })),
    );
    expect(JSON.parse(content[0]!.text)).toEqual(structuredContent);
  });

  it('compares, explains and lists as the command line does', async () => {
    const compared = await call('compare', { designs: ['mugi-256', 'tensor'], context: 512 });
    expect(compared.structuredContent).toEqual(
      await answered('compare --designs mugi-256,tensor --context 512 --json'),
    );
    const single = await call('compare', { designs: ['mugi-256'], preset: 'as-published' });
    expect(single.structuredContent).toEqual(
      await answered('compare --designs mugi-256 --preset as-published --json'),
    );
    const because = await call('why', { metric: 'energy_J/energy_dynamic_J', design: 'sa-16', context: 512 });
    const { repeat, ...explained } = await printed(
      'evaluate --design sa-16 --context 512 --why energy_J/energy_dynamic_J --json',
    );
    expect(because.structuredContent).toMatchObject(explained);
    expect(because.structuredContent.repeat).toBe(repeat);
    const { designs } = (await call('designs', { technology: 'open-45' })).structuredContent;
    expect(designs).toEqual((await printed('designs --technology open-45 --json')).designs);
    const { designs: details } = await printed('designs mugi-64@2x2 --json');
    expect([(await call('designs', { design: 'mugi-64@2x2' })).structuredContent]).toEqual(details);
    const { models } = (await call('models', {})).structuredContent;
    expect(models).toEqual(await printed('models --json'));
    const { definitions: _, ...model } = await printed('models llama-2-7b --batch 2 --json');
    expect((await call('models', { model: 'llama-2-7b', batch: 2 })).structuredContent).toEqual(model);
  });

  it('explores as the command line does, within a bound', async () => {
    const space = {
      model: 'llama-2-7b',
      batch: 4,
      vary: { height: '64..512:64', 'sram.weight': [16, 32, 64] },
      within: 'area_mm2<=3',
      minimise: 'energy_per_token_J',
      maximise: 'tokens_per_s',
    };
    const { structuredContent } = await call('explore', space);
    const { front_size: size, ...found } = structuredContent;
    const words =
      '--model llama-2-7b --batch 4 --vary height=64..512:64,sram.weight=16,32,64 --within area_mm2<=3';
    expect(found).toEqual(
      await printed(`explore ${words} --minimise energy_per_token_J --maximise tokens_per_s --json`),
    );
    expect(found.front).toHaveLength(size as number);
    const huge = await call('explore', {
      vary: { height: '8..1024:8', 'sram.*': [16, 32, 64], batch: '1..512:1' },
    });
    expect([huge.isError, huge.structuredContent.error.code]).toEqual([true, 'unsupported']);
    const odd = await call('explore', { vary: { hieght: [8] } });
    expect([odd.isError, odd.structuredContent.error.nearest]).toEqual([true, 'height']);
  });

  it('reads the files that were named, and no others', async () => {
    const { structuredContent } = await call('evaluate', { design: named });
    expect(structuredContent).toMatchObject({ design: 'named' });
    expect((await call('evaluate', { design: `${named}@2x2` })).structuredContent.design).toBe('named@2x2');
    for (const given of [
      { design: unnamed },
      { design: './named.yaml' },
      { design: '/etc/passwd' },
      { model: '/etc/passwd' },
      { model: folder },
    ]) {
      const { isError, structuredContent: refused } = await call('evaluate', given);
      expect([isError, refused.error.code], JSON.stringify(given)).toEqual([true, 'unknown-name']);
    }
    expect(readdirSync(folder).sort()).toEqual(['named.yaml', 'unnamed.yaml']);
  });

  it.each([
    ['evaluate', { design: 'mugi-255' }, { code: 'invalid-value', nearest: 'mugi-256' }],
    ['evaluate', { bacth: 1 }, { code: 'unknown-name', path: 'bacth', nearest: 'batch' }],
    ['evaluate', { batch: 0 }, { code: 'invalid-value', path: 'batch', nearest: '1' }],
    ['evaluate', { designs: ['mugi-256'] }, { code: 'unknown-name', path: 'designs', nearest: 'design' }],
    ['evaluate', { baseline: 'sa-16' }, { code: 'unknown-name', path: 'baseline' }],
    ['why', {}, { code: 'invalid-value', path: 'metric' }],
    ['why', { metric: 'energy' }, { code: 'unknown-name' }],
    ['models', { model: 5 }, { code: 'invalid-value', path: 'model' }],
    ['models', { model: 'llama-2-7' }, { code: 'unknown-name', nearest: 'llama-2-7b' }],
    ['designs', { design: 'mugi' }, { code: 'unknown-name' }],
    ['compare', { designs: ['mugi-256', 'mugi-256@1x2x3'] }, { code: 'invalid-value' }],
    [
      'compare',
      { designs: [JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`)] },
      { code: 'invalid-value' },
    ],
  ])('%s %j: the mistake as data', async (name, given, error) => {
    const { isError, structuredContent } = await call(name, given);
    expect(isError).toBe(true);
    expect(structuredContent.error).toMatchObject(error);
  });

  it('says which file is not there, and what to install where the SDK is missing', () => {
    const start = (script: string, ...files: string[]) =>
      spawnSync(process.execPath, [script, 'mcp', ...files], { encoding: 'utf8', input: '' });
    const absent = start(join(root, 'bin/mugi.js'), join(folder, 'absent.yaml'));
    expect([absent.status, absent.stderr]).toEqual([1, expect.stringContaining('there is no such file')]);
    // The same sources beside a node_modules without the SDK.
    const clone = mkdtempSync(join(tmpdir(), 'mugi-bare-'));
    for (const name of ['bin', 'package.json', 'assets']) symlinkSync(join(root, name), join(clone, name));
    symlinkSync(join(root, 'src'), join(clone, 'src'));
    const packages = join(root, 'node_modules');
    const bare = join(clone, 'node_modules');
    spawnSync('mkdir', [bare]);
    for (const name of readdirSync(packages))
      if (name !== '@modelcontextprotocol') symlinkSync(join(packages, name), join(bare, name));
    const missing = spawnSync(
      process.execPath,
      ['--preserve-symlinks', '--preserve-symlinks-main', join(clone, 'bin/mugi.js'), 'mcp'],
      { encoding: 'utf8', input: '' },
    );
    rmSync(clone, { recursive: true });
    expect([missing.status, missing.stderr]).toEqual([
      1,
      expect.stringContaining('npm install @modelcontextprotocol/server'),
    ]);
  });
});
