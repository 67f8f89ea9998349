import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IDLE_FUNCTION } from '../../src/node/configuration.ts';
import { besideGates } from '../../src/node/gate-run.ts';
import { runGemm } from '../../src/node/gemm.ts';
import type { NodeConfiguration } from '../../src/node/node.ts';
import { nodeModule } from '../../src/node/node-module.ts';
import { runNonlinear } from '../../src/node/nonlinear.ts';
import type { Observer } from '../../src/node/run.ts';
import { nodeTestbench, vectorRecorder } from '../../src/node/testbench.ts';
import { open45Liberty } from '../../src/rtl/liberty/open-45.ts';
import { readLiberty } from '../../src/rtl/liberty/read.ts';
import { bufferNetlist } from '../../src/rtl/synthesis/buffering.ts';
import { GateSimulator } from '../../src/rtl/synthesis/gate-simulator.ts';
import { synthesise } from '../../src/rtl/synthesis/synthesise.ts';
import { analyseTiming } from '../../src/rtl/synthesis/timing.ts';
import { verilog } from '../../src/rtl/verilog/verilog.ts';
import { expFunction, patterns, random, siluFunction, weights } from './reference.ts';

const ROWS = 8;
/** yosys in WebAssembly and Verilator's C++ compiler take most of their time before a cycle is simulated. */
const PATIENCE = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'mugi-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Work {
  name: string;
  configuration: NodeConfiguration;
  run(observe: Observer): void;
}

/** Runs of the cycle model in both modes, with corner inputs. */
function works(rows: number): Work[] {
  const next = random(77);
  const [m, k, n] = [8, 60, 16];
  const activations = patterns(next, m * k);
  const scales = patterns(next, n * 3, false);
  const gemm = { rows, m, k, n, groupSize: 20, activations, weights: weights(next, n * k), scales };
  const nonlinear = [true, false].map((softmax): Work => {
    const f = softmax ? expFunction(-6, 4) : siluFunction(-7, 4);
    const [height, width] = softmax ? [12, 30] : [4, 80];
    const input = patterns(next, height * width);
    const mask = softmax ? Uint8Array.from(input, () => (next() < 0.2 ? 1 : 0)) : undefined;
    const { window, outside } = f;
    return {
      name: softmax ? 'softmax' : 'silu',
      configuration: { rows, window, outside, accumulation: 'bf16' },
      run(observe) {
        runNonlinear({ rows, softmax, function: f, input, mask, height, width }, observe);
      },
    };
  });
  return [
    {
      name: 'gemm',
      configuration: { ...IDLE_FUNCTION, rows, accumulation: 'bf16' },
      run(observe) {
        runGemm(gemm, observe);
      },
    },
    ...nonlinear,
  ];
}

/** The same, recorded on the node's pins. */
const CASES = works(ROWS).map(({ configuration, run }) => {
  const { observe, vectors } = vectorRecorder(ROWS);
  run(observe);
  return { configuration, vectors };
});

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
    'equals the cycle model in both modes as cells that yosys maps and we buffer, at %i rows',
    async (rows) => {
      const library = readLiberty(open45Liberty(), 'open-45');
      const mapped = await synthesise(nodeModule(rows), { liberty: open45Liberty() });
      const { netlist } = bufferNetlist(mapped.netlist, library, { period: 2.25 });
      expect(netlist.gates.length).toBeGreaterThan(20_000);
      expect(analyseTiming(netlist, library).frequency).toBeGreaterThan(440);
      const gates = new GateSimulator(netlist, library);
      for (const { name, configuration, run } of works(rows)) {
        const { observe, difference } = besideGates(configuration, gates);
        run(observe);
        expect([name, difference()]).toEqual([name, undefined]);
        expect(gates.cycles).toBeGreaterThan(300);
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
