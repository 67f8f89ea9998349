import { nodeCount } from '../design/design.ts';
import { LOAD, portCycles, READS, WRITES } from '../evaluate/execute/execution.ts';
import type { Quirk } from './quirk.ts';

export const bandwidth = {
  name: 'bandwidth',
  published:
    'transfer time is bits over bits per second, then taken as cycles: 4e8 times too short; of the accesses of an SRAM port only the longest kind counts',
  repaired: 'DRAM, NoC links and SRAM ports take the time that their traffic needs',
  execution(work, _, { design, accessCycles }) {
    const { load, words, drains, fills } = work;
    const longest = Math.max(words[READS.output] - drains, drains, words[WRITES.output] - fills, fills);
    load[LOAD['output-sram']] = portCycles(longest, accessCycles.output, nodeCount(design));
    load[LOAD.dram] = 0;
    load[LOAD.noc] = 0;
  },
} as const satisfies Quirk;
