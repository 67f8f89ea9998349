import type { AnyModule } from '../../hardware/index.ts';
import { flattenNetlist, type Netlist, type YosysJson } from '../../hardware/synthesis/netlist.ts';
import { mappedPeriod } from '../../hardware/synthesis/policy.ts';
import { mappedNetlist, synthesisScript } from '../../hardware/synthesis/synthesise.ts';
import { unusableCells } from '../../hardware/synthesis/usable-cells.ts';
import { yosysVersion } from '../../hardware/synthesis/yosys.ts';
import { verilog } from '../../hardware/verilog/verilog.ts';
import { progress } from '../../present/progress.ts';
import { version } from '../../version.ts';
import type { SynthLibrary } from './library.ts';
import { cachedNetlist, keepNetlist, synthesisKey } from './synthesis-cache.ts';

/** A module mapped to the cells of a library for a clock in MHz: of an earlier run where `cache` allows, else by yosys. */
export async function mappedModule(
  top: AnyModule,
  { texts, library }: SynthLibrary,
  { clock, cache }: { clock: number; cache: boolean },
): Promise<Netlist> {
  const target = mappedPeriod(clock);
  const files = verilog(top);
  const dontUse = unusableCells(library);
  const script = synthesisScript(
    files.map(({ name }) => name),
    top.name,
    target,
    { libraries: texts.length, dontUse, gating: true },
  );
  const key = synthesisKey([
    version,
    (await yosysVersion()) ?? 'no yosys',
    ...texts,
    ...script,
    ...files.map(({ text }) => text),
  ]);
  const kept = cache ? cachedNetlist(key, top.name) : undefined;
  if (kept !== undefined) return kept;
  // About this many passes report themselves; the bar only has to move honestly enough.
  const bar = progress('synthesis', 60 + 45 * files.length);
  let done = 0;
  try {
    const { json } = await mappedNetlist(top, {
      liberty: texts,
      dontUse,
      target,
      gating: true,
      onCommand: (command) => bar.update(++done, command.toLowerCase()),
    });
    if (cache) keepNetlist(key, json);
    return flattenNetlist(JSON.parse(json) as YosysJson, top.name);
  } finally {
    bar.stop();
  }
}
