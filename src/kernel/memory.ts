import { MugiError } from '../errors.ts';

const ALIGNMENT = 64;
const PAGE = 65536;
/** Below lie the constants of the compiled kernels. */
const FIRST = 4096;
/** What 32-bit addresses reach. */
const LIMIT = 65536 * PAGE;

interface Block {
  start: number;
  end: number;
}

/**
 * Explicit memory of the WASM kernels: first fit over a sorted list of free blocks, in one shared memory that
 * grows on demand and never shrinks. Addresses are bytes, aligned to a cache line.
 */
export class KernelMemory {
  readonly memory: WebAssembly.Memory;
  #bytes: Uint8Array<ArrayBufferLike>;
  #free: Block[];
  #sizes = new Map<number, number>();

  constructor() {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: LIMIT / PAGE, shared: true });
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#free = [{ start: FIRST, end: PAGE }];
  }

  /** Bytes handed out and not yet freed. */
  get used(): number {
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  allocate(bytes: number): number {
    const size = Math.max(ALIGNMENT, Math.ceil(bytes / ALIGNMENT) * ALIGNMENT);
    let at = this.#free.findIndex((block) => block.end - block.start >= size);
    if (at < 0) {
      this.#grow(size);
      at = this.#free.length - 1;
    }
    const block = this.#free[at];
    const start = block.start;
    block.start += size;
    if (block.start === block.end) this.#free.splice(at, 1);
    this.#sizes.set(start, size);
    return start;
  }

  free(start: number): void {
    const size = this.#sizes.get(start);
    if (size === undefined) throw new MugiError({ code: 'internal', message: 'kernel memory freed twice' });
    this.#sizes.delete(start);
    let at = this.#free.findIndex((block) => block.start > start);
    if (at < 0) at = this.#free.length;
    this.#free.splice(at, 0, { start, end: start + size });
    this.#join(at);
    if (at > 0) this.#join(at - 1);
  }

  bytes(start: number, length: number): Uint8Array {
    return this.#bytes.subarray(start, start + length);
  }

  words(start: number, length: number): Uint16Array {
    return new Uint16Array(this.#bytes.buffer, start, length);
  }

  /** 32-bit words. */
  longs(start: number, length: number): Uint32Array {
    return new Uint32Array(this.#bytes.buffer, start, length);
  }

  floats(start: number, length: number): Float32Array {
    return new Float32Array(this.#bytes.buffer, start, length);
  }

  doubles(start: number, length: number): Float64Array {
    return new Float64Array(this.#bytes.buffer, start, length);
  }

  #join(at: number): void {
    const here = this.#free[at];
    const next = this.#free[at + 1];
    if (here === undefined || next === undefined || here.end !== next.start) return;
    here.end = next.end;
    this.#free.splice(at + 1, 1);
  }

  #grow(size: number): void {
    const end = this.memory.buffer.byteLength;
    const last = this.#free.at(-1);
    const missing = size - (last !== undefined && last.end === end ? last.end - last.start : 0);
    const pages = Math.ceil(missing / PAGE);
    try {
      this.memory.grow(pages);
    } catch {
      throw new MugiError({
        code: 'unsupported',
        message: `the kernels need ${size} more bytes, and their memory ends at ${LIMIT} bytes`,
        expected: 'weights that fit into 4 GiB together; dispose of those no longer needed',
        received: `${this.used} bytes in use`,
      });
    }
    this.#bytes = new Uint8Array(this.memory.buffer);
    this.#free.push({ start: end, end: end + pages * PAGE });
    this.#join(this.#free.length - 2);
  }
}
