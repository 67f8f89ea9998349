import { parentPort, workerData } from 'node:worker_threads';
import { type Membership, serve } from './pool.ts';

// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker's port has no origin
serve(workerData as Membership, () => parentPort?.postMessage('ready'));
// The port would keep a closed worker alive.
parentPort?.close();
