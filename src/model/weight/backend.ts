import type { Kernels, PackedMatrix } from '../../kernel/kernels.ts';
import { kernelsOfThisThread } from '../../kernel/node.ts';

/** Kernels with the memory they work in: 4 GiB at most, of which matrices may fill so much; operands need the rest. */
const ROOM = 3 * 2 ** 30;

interface Home {
  kernels: Kernels;
  used: number;
}

/** The kernels of this process. One is enough until a model's weights fill it. */
const homes: Home[] = [];

/** The kernels of this process, for what is not bound to a matrix. */
export function sharedKernels(): Kernels {
  return homeFor(0).kernels;
}

function homeFor(bytes: number): Home {
  const found = homes.find(({ used }) => used + bytes <= ROOM);
  if (found) return found;
  const home = { kernels: kernelsOfThisThread(), used: 0 };
  homes.push(home);
  return home;
}

/** A matrix in the memory of kernels. It leaves when it is released, or when nothing refers to it any more. */
export interface Resident {
  readonly kernels: Kernels;
  readonly matrix: PackedMatrix;
}

const forgotten = new FinalizationRegistry(({ home, matrix }: { home: Home; matrix: PackedMatrix }) => {
  home.used -= matrix.bytes;
  matrix.dispose();
});
const homeOf = new WeakMap<Resident, Home>();

/**
 * Makes a matrix in kernel memory.
 * @param bytes about what it occupies: says whether there is room
 */
export function settle(bytes: number, make: (kernels: Kernels) => PackedMatrix): Resident {
  const home = homeFor(bytes);
  const matrix = make(home.kernels);
  home.used += matrix.bytes;
  const resident = { kernels: home.kernels, matrix };
  homeOf.set(resident, home);
  forgotten.register(resident, { home, matrix }, resident);
  return resident;
}

/** Gives a matrix's memory back at once. */
export function release(resident: Resident): void {
  forgotten.unregister(resident);
  homeOf.get(resident)!.used -= resident.matrix.bytes;
  resident.matrix.dispose();
}
