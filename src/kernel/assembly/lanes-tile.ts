// BF16 sums with rows as lanes: four rows of one column in a vector. The products of an activation with all sixteen codes
// lie in memory, four rows side by side, so that a code is an address: no shuffle selects, no sign is applied, no panel is
// expanded. That pays from eight rows on; for fewer, products are selected by shuffles (table-tile.ts, int4-table-row.ts).
import { scaling, splitFused, splitter } from './split';

/** Rows of a group: three vectors, and with four columns twelve sums, which wait for one another and fill the registers. */
export const GROUP: i32 = 12;
/** Bytes between the sums of two columns. */
export const PITCH: usize = <usize>GROUP << 2;
/** Bytes of the products of four rows at one inner index. */
export const TABLE_BYTES: usize = 256;

/**
 * `vectors` × 4 rows against columns j, j + 16, j + 1 and j + 17 of a panel, whose codes two bytes hold.
 * @param a products [count][vectors][16][4]
 * @param codes of the first inner index, at byte j
 * @param p sums of column j, read and written
 */
@inline
function tile(vectors: i32, a: usize, codes: usize, count: i32, p: usize): void {
  const less = splitter();
  const power = scaling();
  const end = codes + (<usize>count << 4);
  const q = p + PITCH;
  const r = p + 16 * PITCH;
  const s = p + 17 * PITCH;
  const second = vectors > 1;
  const third = vectors > 2;
  let p0 = v128.load(p);
  let p1 = second ? v128.load(p, 16) : p0;
  let p2 = third ? v128.load(p, 32) : p0;
  let q0 = v128.load(q);
  let q1 = second ? v128.load(q, 16) : q0;
  let q2 = third ? v128.load(q, 32) : q0;
  let r0 = v128.load(r);
  let r1 = second ? v128.load(r, 16) : r0;
  let r2 = third ? v128.load(r, 32) : r0;
  let s0 = v128.load(s);
  let s1 = second ? v128.load(s, 16) : s0;
  let s2 = third ? v128.load(s, 32) : s0;
  while (codes < end) {
    const four = <usize>load<u16>(codes);
    const at = a + ((four << 4) & 0xf0);
    p0 = splitFused(f32x4.add(p0, v128.load(at)), less, power);
    if (second) p1 = splitFused(f32x4.add(p1, v128.load(at, 256)), less, power);
    if (third) p2 = splitFused(f32x4.add(p2, v128.load(at, 512)), less, power);
    const ar = a + (four & 0xf0);
    r0 = splitFused(f32x4.add(r0, v128.load(ar)), less, power);
    if (second) r1 = splitFused(f32x4.add(r1, v128.load(ar, 256)), less, power);
    if (third) r2 = splitFused(f32x4.add(r2, v128.load(ar, 512)), less, power);
    const aq = a + ((four >> 4) & 0xf0);
    q0 = splitFused(f32x4.add(q0, v128.load(aq)), less, power);
    if (second) q1 = splitFused(f32x4.add(q1, v128.load(aq, 256)), less, power);
    if (third) q2 = splitFused(f32x4.add(q2, v128.load(aq, 512)), less, power);
    const as = a + ((four >> 8) & 0xf0);
    s0 = splitFused(f32x4.add(s0, v128.load(as)), less, power);
    if (second) s1 = splitFused(f32x4.add(s1, v128.load(as, 256)), less, power);
    if (third) s2 = splitFused(f32x4.add(s2, v128.load(as, 512)), less, power);
    a += <usize>vectors * TABLE_BYTES;
    codes += 16;
  }
  v128.store(p, p0);
  v128.store(q, q0);
  v128.store(r, r0);
  v128.store(s, s0);
  if (second) {
    v128.store(p, p1, 16);
    v128.store(q, q1, 16);
    v128.store(r, r1, 16);
    v128.store(s, s1, 16);
  }
  if (third) {
    v128.store(p, p2, 32);
    v128.store(q, q2, 32);
    v128.store(r, r2, 32);
    v128.store(s, s2, 32);
  }
}

@inline
function columns(vectors: i32, a: usize, codes: usize, count: i32, sums: usize): void {
  for (let j: usize = 0; j < 16; j += 2) tile(vectors, a, codes + j, count, sums + j * PITCH);
}

// One function for each height, so that its loop is straight-line code.
function one(a: usize, codes: usize, count: i32, sums: usize): void {
  columns(1, a, codes, count, sums);
}
function two(a: usize, codes: usize, count: i32, sums: usize): void {
  columns(2, a, codes, count, sums);
}
function three(a: usize, codes: usize, count: i32, sums: usize): void {
  columns(3, a, codes, count, sums);
}

/** Adds `count` products of every row of a group and column of a panel to sums [32][GROUP]. */
export function panelLanes(vectors: i32, a: usize, codes: usize, count: i32, sums: usize): void {
  if (vectors == 3) three(a, codes, count, sums);
  else if (vectors == 2) two(a, codes, count, sums);
  else one(a, codes, count, sums);
}
