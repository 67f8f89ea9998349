import { expect, it } from 'vitest';
import { type Flit, outputPort, Router, routerModule } from '../../src/machine/part/router.ts';
import { simulate } from '../../src/hardware/index.ts';
import { generator } from '../hardware/support/bf16.ts';

const WIDTH = 16;
const pack = ({ column, row, data }: Flit): bigint =>
  (BigInt(column) << BigInt(WIDTH + 4)) | (BigInt(row) << BigInt(WIDTH)) | data;

it('a router sends every flit once, in order and to its port, as its hardware does', () => {
  const [column, row] = [2, 3];
  const [router, rtl] = [new Router(column, row), simulate(routerModule(WIDTH))];
  rtl.reset();
  rtl.poke('column', column);
  rtl.poke('row', row);
  const random = generator(31);
  // [input][output]
  const sent: bigint[][][] = Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => []));
  const got: bigint[][][] = Array.from({ length: 5 }, () => Array.from({ length: 5 }, () => []));
  for (let cycle = 0; cycle < 4000; cycle++) {
    const busy = cycle < 3900;
    const arriving = Array.from({ length: 5 }, (_, port): Flit | undefined =>
      busy && random() % 3 !== 0
        ? { column: random() % 5, row: random() % 6, data: BigInt((port << 12) | (cycle & 0xfff)) }
        : undefined,
    );
    const taken = Array.from({ length: 5 }, () => !busy || random() % 4 !== 0);
    rtl.poke(
      'valid',
      arriving.map((flit) => (flit === undefined ? 0 : 1)),
    );
    rtl.poke(
      'flit',
      arriving.map((flit) => (flit === undefined ? 0 : pack(flit))),
    );
    rtl.poke('taken', taken.map(Number));
    const { offers, ready } = router;
    const bits = [rtl.peekLanes('ready'), rtl.peekLanes('offered'), rtl.peekLanes('leaving')];
    expect([cycle, ...bits.map((lanes) => lanes.map(Number))]).toEqual([
      cycle,
      ready.map(Number),
      offers.map((flit) => (flit === undefined ? 0 : 1)),
      offers.map((flit) => (flit === undefined ? 0 : Number(pack(flit)))),
    ]);
    arriving.forEach((flit, port) => {
      if (flit !== undefined && ready[port]) sent[port][outputPort(column, row, flit)].push(flit.data);
    });
    offers.forEach((flit, port) => {
      if (flit !== undefined && taken[port]) got[Number(flit.data >> 12n)][port].push(flit.data);
    });
    router.clock(arriving, taken);
    rtl.step();
  }
  expect(got).toEqual(sent);
  expect(sent.flat().flat().length).toBeGreaterThan(3000);
});
