/** What a lane of results does in a cycle: bits of what `ArrayObserver` sees. */
export const WORKS = 1;
export const LOADS = 2;
export const LEAVES = 4;

/** Sees an array once a cycle: for each lane of results, whether some cell of it works, loads a weight or gives a sum. */
export type ArrayObserver = (cycle: number, lanes: Uint8Array) => void;
