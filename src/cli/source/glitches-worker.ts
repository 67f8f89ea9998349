import { parentPort, workerData } from 'node:worker_threads';
import { MugiError } from '../../errors.ts';
import { macWork } from '../../machine/mugi/synthesis/mac-energy.ts';
import { glitchRatio } from '../../machine/whole/mac-energy.ts';
import type { GlitchJob, GlitchMessage } from './glitches.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
const say = (message: GlitchMessage): void => parentPort!.postMessage(message);

const { rows, seed, netlist, library, wirePerFanout } = workerData as GlitchJob;
try {
  const named = { ...netlist, netName: String };
  say({ ratio: glitchRatio(macWork(rows, seed), named, library, wirePerFanout) });
} catch (error) {
  // A class does not survive the way between threads.
  if (!(error instanceof MugiError)) throw error;
  say({ refused: error.details });
}
