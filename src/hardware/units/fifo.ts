import { constant, mux } from '../bits.ts';
import { invalid } from '../explain.ts';
import { module } from '../module.ts';

/**
 * A queue of `depth` words (a power of two) with one write and one read per cycle. `push` is ignored while full,
 * `pop` while empty; `front` is the oldest word. Pointers carry one bit more than an address to tell full from empty.
 */
export const fifo = ({ width, depth }: { width: number; depth: number }) => {
  const addressWidth = Math.log2(depth);
  if (!Number.isInteger(addressWidth) || depth < 2) {
    throw invalid(`the depth of a FIFO must be a power of two of at least 2, got ${depth}`);
  }
  return module(
    {
      name: `fifo_w${width}_d${depth}`,
      doc: `Queue of ${depth} words of ${width} bits, one write and one read per cycle.`,
      inputs: { push: 1, data: width, pop: 1 },
    },
    (m, { push, data, pop }) => {
      const head = m.register('head', addressWidth + 1, { reset: 0 });
      const tail = m.register('tail', addressWidth + 1, { reset: 0 });
      const empty = m.wire('empty', head.eq(tail));
      const full = m.wire('full', head.eq(tail.xor(constant(depth, addressWidth + 1))));
      const pushes = m.wire('pushes', push.and(full.not()));
      const pops = m.wire('pops', pop.and(empty.not()));
      const words = m.memory('words', { width, depth });
      words.write(pushes, tail.low(addressWidth), data);
      tail.next(mux(pushes, tail.add(1), tail));
      head.next(mux(pops, head.add(1), head));
      return { front: words.read(head.low(addressWidth)), empty, full };
    },
  );
};
