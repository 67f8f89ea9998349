/**
 * What each step of the Mugi node towards less energy gives, all measured with the present meter, library and policy: the
 * node of version 0.1.0 and the present one, each with every flip-flop clocked and with clock gates, and the present one
 * with heavier wires. The earlier node is emitted as Verilog by its own revision, so a clone with history is needed; its
 * gates must equal the present cycle model in every cycle, as the present ones do.
 * Arguments: heights, default 8. Some three minutes for 8 rows.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { macEnergy } from '../src/machine/mugi/synthesis/mac-energy.ts';
import { open45Liberty } from '../src/hardware/liberty/open-45.ts';
import { readLiberty } from '../src/hardware/liberty/read.ts';
import { bufferNetlist } from '../src/hardware/synthesis/timing/buffering.ts';
import { gateClocks } from '../src/hardware/synthesis/clock-gating.ts';
import { flattenNetlist, type YosysJson } from '../src/hardware/synthesis/netlist.ts';
import { mappedVerilog, netlistCost } from '../src/hardware/synthesis/synthesise.ts';
import { analyseTiming } from '../src/hardware/synthesis/timing/timing.ts';
import { type VerilogFile, verilog } from '../src/hardware/verilog/verilog.ts';
import { BUFFERED_PERIOD } from '../src/machine/catalogue/characterise.ts';
import { nodeModule } from '../src/machine/mugi/node-module.ts';
import { textTable } from '../src/present/table.ts';

/** The last revision whose node clocks everything: that of version 0.1.0. */
const EARLIER = '737183f';
const root = fileURLToPath(new URL('..', import.meta.url));
const liberty = open45Liberty();
const library = readLiberty(liberty, 'open-45');

/** The Verilog that a revision emits for a height. */
function verilogOf(revision: string, rows: number): VerilogFile[] {
  const folder = mkdtempSync(join(tmpdir(), 'mugi-ladder-'));
  try {
    const files = execFileSync('git', ['archive', revision, 'src', 'bin', 'package.json'], {
      cwd: root,
      maxBuffer: 1 << 30,
    });
    execFileSync('tar', ['-x', '-C', folder], { input: files });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const out = join(folder, 'rtl');
    execFileSync(process.execPath, ['bin/mugi.js', 'rtl', '--design', `mugi-${rows}`, '--out', out], {
      cwd: folder,
    });
    return readFileSync(join(out, 'files.f'), 'utf8')
      .split('\n')
      .filter((name) => name.endsWith('.v') && !name.startsWith('//') && name !== 'testbench.v')
      .map((name) => ({ name, text: readFileSync(join(out, name), 'utf8') }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const table: (string | number)[][] = [];
for (const rows of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [8]) {
  const top = `mugi_${rows}`;
  const nodes = { 'version 0.1.0': verilogOf(EARLIER, rows), present: verilog(nodeModule(rows)) };
  for (const [node, files] of Object.entries(nodes)) {
    for (const [gating, wires] of [
      [false, [1]],
      [true, node === 'present' ? [1, 3, 5] : [1]],
    ] as const) {
      const { json } = await mappedVerilog(files, top, { liberty, gating });
      const mapped = gateClocks(flattenNetlist(JSON.parse(json) as YosysJson, top), library).netlist;
      for (const wirePerFanout of wires) {
        const { netlist } = bufferNetlist(mapped, library, { period: BUFFERED_PERIOD, wirePerFanout });
        const energy = macEnergy(rows, netlist, library, { wirePerFanout });
        const area = netlistCost(netlist, library).area;
        table.push([
          `mugi-${rows}, ${node}, ${gating ? 'clocks gated' : 'nothing gated'}, ${wirePerFanout} fF`,
          energy.total.toFixed(2),
          (energy.data + energy.wires + energy.data_pins).toFixed(2),
          energy.clock.toFixed(2),
          energy.clock_gates.toFixed(2),
          energy.timed_total.toFixed(2),
          energy.estimated_total.toFixed(2),
          (area / 1e6).toFixed(4),
          analyseTiming(netlist, library, { wirePerFanout }).frequency.toFixed(0),
        ]);
      }
    }
  }
}
const heads = ['pJ a MAC', 'total', 'data', 'clock', 'gates', 'timed', 'with estimates', 'mm2', 'MHz'];
console.log(textTable(heads, table));
