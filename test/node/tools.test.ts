import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runYosys } from '@yowasp/yosys';
import { afterAll, describe, expect, it } from 'vitest';
import { IDLE_FUNCTION } from '../../src/node/configuration.ts';
import { runGemm } from '../../src/node/gemm.ts';
import type { NodeConfiguration } from '../../src/node/node.ts';
import { nodeModule } from '../../src/node/node-module.ts';
import { runNonlinear } from '../../src/node/nonlinear.ts';
import { nodeTestbench, vectorRecorder } from '../../src/node/testbench.ts';
import { verilog } from '../../src/rtl/verilog/verilog.ts';
import { GateSimulator } from './gates.ts';
import { expFunction, patterns, random, siluFunction, weights } from './reference.ts';

const ROWS = 8;
/** yosys in WebAssembly and Verilator's C++ compiler take most of their time before a cycle is simulated. */
const PATIENCE = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'mugi-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Case {
  name: string;
  configuration: NodeConfiguration;
  vectors: bigint[];
}

/** Runs of the cycle model, with corner inputs, recorded on the node's pins. */
function cases(rows: number): Case[] {
  const next = random(77);
  const made: Case[] = [];
  const add = (
    name: string,
    configuration: NodeConfiguration,
    run: (o: ReturnType<typeof vectorRecorder>) => void,
  ) => {
    const recorder = vectorRecorder(rows);
    run(recorder);
    made.push({ name, configuration, vectors: recorder.vectors });
  };
  const gemm: NodeConfiguration = { ...IDLE_FUNCTION, rows, accumulation: 'bf16' };
  add('gemm', gemm, ({ observe }) => {
    const [m, k, n] = [8, 60, 16];
    const activations = patterns(next, m * k);
    const scales = patterns(next, n * 3, false);
    runGemm({ rows, m, k, n, groupSize: 20, activations, weights: weights(next, n * k), scales }, observe);
  });
  for (const softmax of [true, false]) {
    const f = softmax ? expFunction(-6, 4) : siluFunction(-7, 4);
    const configuration: NodeConfiguration = {
      rows,
      window: f.window,
      outside: f.outside,
      accumulation: 'bf16',
    };
    add(softmax ? 'softmax' : 'silu', configuration, ({ observe }) => {
      const [height, width] = softmax ? [12, 30] : [4, 80];
      const input = patterns(next, height * width);
      const mask = softmax ? Uint8Array.from(input, () => (next() < 0.2 ? 1 : 0)) : undefined;
      runNonlinear({ rows, softmax, function: f, input, mask, height, width }, observe);
    });
  }
  return made;
}

const CASES = cases(ROWS);

/** A tool that must be there in continuous integration and may be absent elsewhere, said aloud. */
function missing(tool: string): boolean {
  const absent = spawnSync(tool, ['--version']).error !== undefined;
  if (absent && process.env.MUGI_REQUIRE_TOOLS !== '1') console.warn(`skipped: ${tool} is not installed`);
  return absent && process.env.MUGI_REQUIRE_TOOLS !== '1';
}

function written(name: string): string {
  const at = mkdtempSync(join(folder, `${name}-`));
  for (const file of verilog(nodeModule(ROWS))) writeFileSync(join(at, file.name), file.text);
  return at;
}

function run(command: string, args: string[], cwd: string): string {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

const designFiles = verilog(nodeModule(ROWS)).map(({ name }) => name);

describe('the emitted Verilog of the node', () => {
  it.each([8, 16])(
    'equals the cycle model at gate level, as yosys reads it, at %i rows',
    async (rows) => {
      const files = Object.fromEntries(verilog(nodeModule(rows)).map(({ name, text }) => [name, text]));
      const script = [
        `read_verilog ${Object.keys(files).join(' ')}`,
        `hierarchy -check -top mugi_${rows}`,
        // Modules are mapped once each; the gate simulator flattens them.
        'proc -norom; opt_clean; techmap; simplemap',
        'dfflegalize -cell $_DFF_P_ x; simplemap; opt_clean',
        'write_json netlist.json',
      ].join('; ');
      const output = await runYosys(['-q', '-p', script], files, { stdout: null, stderr: null });
      const gates = new GateSimulator(output!['netlist.json'] as string, `mugi_${rows}`);
      expect(gates.gates).toBeGreaterThan(10_000);
      for (const { name, configuration, vectors } of rows === ROWS ? CASES : cases(rows)) {
        const { text } = nodeTestbench(configuration, vectors)[0];
        // The testbench's own text names the fields and pins: one source for both simulations.
        const shape = [
          ...text.matchAll(/^ {2}reg (?:\[(\d+):0\] )?(frame|data|nibble|live|column|expected_\w+);/gm),
        ];
        const widths = shape.map(([, high, field]) => [field, Number(high ?? 0) + 1] as const);
        for (const [, pin, value] of text.matchAll(/\.(\w+)\(\d+'d(\d+)\)/g)) gates.set(pin, BigInt(value));
        gates.set('reset', 1n);
        gates.settle();
        gates.clock();
        gates.set('reset', 0n);
        vectors.forEach((vector, cycle) => {
          const field: Record<string, bigint> = {};
          let rest = vector;
          for (const [key, width] of [...widths].reverse()) {
            field[key] = rest & ((1n << BigInt(width)) - 1n);
            rest >>= BigInt(width);
          }
          for (const key of ['frame', 'data', 'nibble', 'live', 'column']) gates.set(key, field[key]);
          gates.settle();
          const seen = [gates.get('result_valid'), gates.get('spikes')];
          expect(seen, `${name}, cycle ${cycle - 1}`).toEqual([field.expected_valid, field.expected_spikes]);
          if (field.expected_valid === 1n) {
            expect(gates.get('result'), `${name}, cycle ${cycle - 1}`).toBe(field.expected_result);
          }
          gates.clock();
        });
      }
    },
    PATIENCE,
  );

  it.skipIf(missing('iverilog'))('passes its testbench in Icarus Verilog', () => {
    for (const { configuration, vectors } of CASES) {
      const at = written('icarus');
      for (const file of nodeTestbench(configuration, vectors)) writeFileSync(join(at, file.name), file.text);
      run('iverilog', ['-g2005', '-Wall', '-o', 'run', 'testbench.v', ...designFiles], at);
      expect(run('vvp', ['run'], at)).toContain(`PASS ${vectors.length - 1} cycles`);
    }
  });

  it.skipIf(missing('iverilog'))('fails its testbench when one expected bit is wrong', () => {
    const [{ configuration, vectors }] = CASES;
    const at = written('mutant');
    const wrong = vectors.map((vector, i) => (i === 500 ? vector ^ 1n : vector));
    for (const file of nodeTestbench(configuration, wrong)) writeFileSync(join(at, file.name), file.text);
    run('iverilog', ['-g2005', '-o', 'run', 'testbench.v', ...designFiles], at);
    expect(run('vvp', ['run'], at)).toContain('FAIL in cycle 499');
  });

  it.skipIf(missing('verilator'))(
    'is clean in Verilator and passes its testbench there',
    () => {
      const [{ configuration, vectors }] = CASES.slice(1);
      const at = written('verilator');
      for (const file of nodeTestbench(configuration, vectors)) writeFileSync(join(at, file.name), file.text);
      run('verilator', ['--lint-only', '-Wall', '--top-module', `mugi_${ROWS}`, ...designFiles], at);
      const flags = ['--binary', '-j', '2', '-Wno-fatal', '-CFLAGS', '-O0', '--top-module', 'testbench'];
      run('verilator', [...flags, 'testbench.v', ...designFiles], at);
      expect(run(join(at, 'obj_dir', 'Vtestbench'), [], at)).toContain(`PASS ${vectors.length - 1} cycles`);
    },
    PATIENCE,
  );
});
