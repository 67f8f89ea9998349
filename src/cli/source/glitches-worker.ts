import { parentPort, workerData } from 'node:worker_threads';
import { macWork } from '../../machine/mugi/synthesis/mac-energy.ts';
import { glitchRatio } from '../../machine/whole/mac-energy.ts';
import type { GlitchJob } from './glitches.ts';

const { rows, seed, netlist, library, wirePerFanout } = workerData as GlitchJob;
const named = { ...netlist, netName: String };
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
parentPort!.postMessage(glitchRatio(macWork(rows, seed), named, library, wirePerFanout));
