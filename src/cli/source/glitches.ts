import { Worker } from 'node:worker_threads';
import { fromThread, MugiError } from '../../errors.ts';
import type { Library } from '../../hardware/liberty/library.ts';
import type { Netlist } from '../../hardware/synthesis/netlist.ts';
import type { NodeOnGates } from '../../machine/mugi/synthesis/report.ts';

/** What the thread is given: a netlist without the names of its nets, which are made by a function. */
export interface GlitchJob {
  rows: number;
  seed: number;
  netlist: Omit<Netlist, 'netName'>;
  library: Library;
  wirePerFanout: number;
}

/** What glitches add to a multiply-accumulate of the node, measured in a thread of its own. */
export function glitchesBeside({ rows, seed, finished }: NodeOnGates): Promise<number> {
  const { library, wirePerFanout } = finished;
  const { netName: _made, ...netlist } = finished.netlist;
  const workerData: GlitchJob = { rows, seed, netlist, library, wirePerFanout };
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const worker = new Worker(new URL(`./glitches-worker.${extension}`, import.meta.url), { workerData });
  const ratio = new Promise<number>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', (error) => reject(fromThread(error)));
    worker.once('exit', (status) =>
      reject(
        new MugiError({ code: 'internal', message: `the timed simulation ended with status ${status}` }),
      ),
    );
  });
  // Where the caller's own work fails first, nobody waits for this.
  ratio.catch(() => undefined);
  return ratio;
}
