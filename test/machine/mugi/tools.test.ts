import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IDLE_FUNCTION } from '../../../src/machine/mugi/configuration.ts';
import { gateLockstep } from '../../../src/machine/mugi/proof/gate-run.ts';
import { runGemm } from '../../../src/machine/mugi/program/gemm.ts';
import type { NodeConfiguration } from '../../../src/machine/mugi/node.ts';
import { nodeModule } from '../../../src/machine/mugi/node-module.ts';
import {
  type NodeFunction,
  type NonlinearJob,
  runNonlinear,
} from '../../../src/machine/mugi/program/nonlinear.ts';
import type { Observer } from '../../../src/machine/mugi/program/run.ts';
import { runSequence } from '../../../src/machine/mugi/program/sequence.ts';
import { nodeTestbench, vectorRecorder } from '../../../src/machine/mugi/proof/testbench.ts';
import { open45Liberty } from '../../../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../../../src/hardware/liberty/read.ts';
import { bufferNetlist } from '../../../src/hardware/synthesis/timing/buffering.ts';
import { gateClocks } from '../../../src/hardware/synthesis/clock-gating.ts';
import { GateSimulator } from '../../../src/hardware/synthesis/simulation/gate-simulator.ts';
import { synthesise } from '../../../src/hardware/synthesis/synthesise.ts';
import { analyseTiming } from '../../../src/hardware/synthesis/timing/timing.ts';
import { runYosys } from '../../../src/hardware/synthesis/yosys.ts';
import { verilog } from '../../../src/hardware/verilog/verilog.ts';
import { expFunction, geluFunction, patterns, random, siluFunction, weights } from './reference.ts';

/** yosys in WebAssembly and Verilator's C++ compiler take most of their time before a cycle is simulated. */
const PATIENCE = 300_000;
const folder = mkdtempSync(join(tmpdir(), 'mugi-node-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Work {
  name: string;
  configuration: NodeConfiguration;
  run(observe: Observer): void;
}

/** Runs of the cycle model in both modes, and of one changing into the other, with corner inputs. */
function works(rows: number): Work[] {
  const next = random(77);
  const gemm = (m: number, k: number, n: number, groupSize: number) => {
    const scales = patterns(next, n * Math.ceil(k / groupSize), false);
    return { m, k, n, groupSize, activations: patterns(next, m * k), weights: weights(next, n * k), scales };
  };
  const nonlinear = (softmax: boolean, height: number, width: number) => {
    const input = patterns(next, height * width);
    const mask = softmax ? Uint8Array.from(input, () => (next() < 0.2 ? 1 : 0)) : undefined;
    return { softmax, input, mask, height, width };
  };
  const set = ({ window, outside }: Pick<NodeConfiguration, 'window' | 'outside'>): NodeConfiguration => ({
    rows,
    window,
    outside,
    accumulation: 'bf16',
  });
  const [product, exp, silu, gelu] = [
    gemm(8, 60, 16, 20),
    expFunction(-6, 4),
    siluFunction(-7, 4),
    geluFunction(),
  ];
  const functionWork = (
    name: string,
    fn: NodeFunction,
    job: Omit<NonlinearJob, 'rows' | 'function'>,
  ): Work => ({
    name,
    configuration: set(fn),
    run(observe) {
      runNonlinear({ ...job, rows, function: fn }, observe);
    },
  });
  const mixed = [
    { gemm: gemm(8, 5, 9, 3) },
    { nonlinear: nonlinear(true, 9, 4) },
    { gemm: gemm(3, 4, 8, 4) },
    { nonlinear: nonlinear(true, 3, 10) },
    { gemm: gemm(1, 9, 8, 9) },
  ];
  return [
    {
      name: 'gemm',
      configuration: set(IDLE_FUNCTION),
      run(observe) {
        runGemm({ ...product, rows }, observe);
      },
    },
    functionWork('softmax', exp, nonlinear(true, 12, 30)),
    functionWork('silu', silu, nonlinear(false, 4, 80)),
    functionWork('gelu', gelu, nonlinear(false, 4, 80)),
    {
      name: 'changes of mode',
      configuration: set(exp),
      run(observe) {
        runSequence(rows, exp, mixed, 'bf16', observe);
      },
    },
  ];
}

/** The same, recorded on the node's pins; the first vector of each is its reset. */
const recorded = (rows: number) =>
  works(rows).map(({ configuration, run }) => {
    const { observe, vectors } = vectorRecorder(configuration);
    run(observe);
    return vectors;
  });

/** A tool that must be there in continuous integration and may be absent elsewhere, said aloud. */
function missing(tool: string): boolean {
  const absent = spawnSync(tool, ['--version']).error !== undefined;
  if (absent && process.env.MUGI_REQUIRE_TOOLS !== '1') console.warn(`skipped: ${tool} is not installed`);
  return absent && process.env.MUGI_REQUIRE_TOOLS !== '1';
}

/** A folder with the Verilog of the node, and a testbench of these vectors. */
function written(name: string, rows: number, vectors: readonly bigint[]): string {
  const at = mkdtempSync(join(folder, `${name}-`));
  for (const file of [...verilog(nodeModule(rows)), ...nodeTestbench(rows, vectors)]) {
    writeFileSync(join(at, file.name), file.text);
  }
  return at;
}

function run(command: string, args: string[], cwd: string): string {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return stdout;
}

/** What a program prints that must fail: by a status of its own or, as Verilator does, by aborting. */
function runFailing(command: string, args: string[], cwd: string): string {
  const { stdout, status } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status).not.toBe(0);
  return stdout;
}

const designFiles = (rows: number) => verilog(nodeModule(rows)).map(({ name }) => name);

describe('the emitted Verilog of the node', () => {
  it(
    'has no undriven, doubly driven or looping wire, says yosys',
    async () => {
      const files = Object.fromEntries(verilog(nodeModule(8)).map(({ name, text }) => [name, text]));
      const checked = (sources: Record<string, string>) =>
        runYosys({
          script: [
            ...Object.keys(sources).map((name) => `read_verilog ${name}`),
            'hierarchy -check -top mugi_8',
            'proc',
            'check -assert',
          ],
          files: sources,
          wanted: [],
        });
      await checked(files);
      const text = files['sign_converter.v'];
      const broken = text.replace(/^ +assign product = .*$/m, '');
      expect(broken).not.toBe(text);
      await expect(checked({ ...files, 'sign_converter.v': broken })).rejects.toThrow(
        /\d+ problems in 'check -assert'/,
      );
    },
    PATIENCE,
  );

  it.each([8, 16])(
    'equals the cycle model in both modes as cells that yosys maps and we buffer, at %i rows',
    async (rows) => {
      const library = readLiberty(open45Liberty(), 'open-45');
      const mapped = await synthesise(nodeModule(rows), { liberty: open45Liberty(), gating: true });
      const gated = gateClocks(mapped.netlist, library);
      expect(gated.gated).toBeGreaterThan(15 * gated.gates);
      const { netlist } = bufferNetlist(gated.netlist, library, { period: 2.25 });
      expect(netlist.gates.length).toBeGreaterThan(15_000);
      expect(analyseTiming(netlist, library).frequency).toBeGreaterThan(440);
      const gates = new GateSimulator(netlist, library);
      for (const { name, configuration, run } of works(rows)) {
        const { observe, difference } = gateLockstep(configuration, gates);
        run(observe);
        expect([name, difference()]).toEqual([name, undefined]);
        expect(gates.cycles).toBeGreaterThan(300);
      }
    },
    PATIENCE,
  );

  it.skipIf(missing('iverilog')).each([8, 16])(
    'passes its testbench in Icarus Verilog, at %i rows',
    (rows) => {
      const sets = recorded(rows);
      const at = written('icarus', rows, sets.flat());
      run('iverilog', ['-g2005', '-Wall', '-o', 'run', 'testbench.v', ...designFiles(rows)], at);
      expect(run('vvp', ['run'], at)).toBe(`PASS ${sets.flat().length - sets.length} cycles\n`);
    },
  );

  it.skipIf(missing('iverilog'))('fails its testbench when one expected bit is wrong', () => {
    const [vectors] = recorded(8);
    const wrong = vectors.map((vector, i) => (i === 500 ? vector ^ 1n : vector));
    const at = written('mutant', 8, wrong);
    run('iverilog', ['-g2005', '-o', 'run', 'testbench.v', ...designFiles(8)], at);
    expect(runFailing('vvp', ['run'], at)).toContain('FAIL in vector 500');
    // A file that is not there is no pass either.
    rmSync(join(at, 'testbench.mem'));
    expect(runFailing('vvp', ['run'], at)).toContain('FAIL: 0 of 1393 cycles compared');
  });

  it.skipIf(missing('iverilog'))(
    'is what mugi rtl writes, with a testbench of a GEMM, a softmax and a SiLU',
    () => {
      const at = join(folder, 'rtl');
      run(process.execPath, ['bin/mugi.js', 'rtl', '--design', 'mugi-8', '--out', at], '.');
      run('iverilog', ['-g2005', '-Wall', '-o', 'run', '-f', 'files.f', 'testbench.v'], at);
      expect(run('vvp', ['run'], at)).toMatch(/^PASS \d{3} cycles\n$/);
      const words = readFileSync(join(at, 'testbench.mem'), 'utf8').trimEnd().split('\n');
      // Reset is the highest bit, and the function's settings follow it.
      const resets = words.filter((word) => word[0] >= '8');
      expect(new Set(resets).size).toBe(3);
    },
  );

  it.skipIf(missing('verilator'))(
    'is clean in Verilator and passes its testbench there',
    () => {
      const sets = recorded(8);
      const at = written('verilator', 8, sets.flat());
      run('verilator', ['--lint-only', '-Wall', '--top-module', 'mugi_8', ...designFiles(8)], at);
      const flags = ['--binary', '-j', '2', '-Wno-fatal', '-CFLAGS', '-O0', '--top-module', 'testbench'];
      run('verilator', [...flags, 'testbench.v', ...designFiles(8)], at);
      const cycles = sets.flat().length - sets.length;
      const binary = join(at, 'obj_dir', 'Vtestbench');
      expect(run(binary, [], at)).toMatch(new RegExp(`^PASS ${cycles} cycles\\n.*finish\\n$`));
      // The vectors are read when it runs: one wrong bit, and it fails.
      const memory = join(at, 'testbench.mem');
      writeFileSync(memory, readFileSync(memory, 'utf8').replace(/0\n$/, '1\n'));
      expect(runFailing(binary, [], at)).toMatch(/^FAIL in vector \d+: .*\n.*\$stop\n/);
    },
    PATIENCE,
  );
});
