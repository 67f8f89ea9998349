import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { runYosys, yosysVersion } from '../../src/hardware/synthesis/yosys.ts';

const source = (expression: string) => `module m(input a, output y); assign y = ${expression}; endmodule`;
const read = (expression: string) =>
  runYosys({
    script: ['read_verilog a.v', 'proc', 'write_json m.json'],
    files: { 'a.v': source(expression) },
    wanted: ['m.json'],
  });

it('runs, and tells its version', async () => {
  const { files, version } = await read('~a');
  expect(JSON.parse(files['m.json']).modules.m.ports).toHaveProperty('y');
  expect(version).toBe(await yosysVersion());
});

it('that refuses the design says why', async () => {
  await expect(read('~')).rejects.toThrow(/yosys refuses the design: .*syntax error/);
});

it('that crashes says so, and is not called missing', async () => {
  // A sum so long that the parser's recursion ends the stack.
  const failure = await read('a+'.repeat(100_000) + 'a').catch((error: unknown) => error);
  expect(failure).toMatchObject({
    details: { code: 'unsupported', message: expect.stringMatching(/yosys crashed: .*call stack.*Parsing/) },
  });
});

it('that is not installed is called missing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-yosys-'));
  const path = join(folder, 'yosys-worker.ts');
  cpSync(fileURLToPath(new URL('../../src/hardware/synthesis/yosys-worker.ts', import.meta.url)), path);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const worker = new Worker(path, { workerData: { args: [], files: {}, wanted: [] } });
  const message = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  await worker.terminate();
  rmSync(folder, { recursive: true });
  expect(message).toMatchObject({ kind: 'missing', message: expect.stringContaining('@yowasp/yosys') });
});
