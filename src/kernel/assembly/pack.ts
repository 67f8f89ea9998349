// Activations in the order in which the tiles read them: tiles of rows, [inner][height].
import { readBf16 } from './round';
import { halfUnit, highHalves, roundBf16 } from './step';
import { tileRows } from './tiles';

/** FP32 rows × inner, row-major, to tiles. */
export function packFloat(x: usize, rows: i32, inner: i32, to: usize): void {
  const line = <usize>inner << 2;
  for (let row = 0; row < rows; ) {
    const height = tileRows(false, rows - row);
    for (let i = 0; i < height; i++) {
      let from = x + <usize>(row + i) * line;
      let at = to + (<usize>i << 2);
      for (let k = 0; k < inner; k++) {
        store<u32>(at, load<u32>(from));
        from += 4;
        at += <usize>height << 2;
      }
    }
    to += <usize>height * line;
    row += height;
  }
}

/** The eight multiples 0·a … 7·a, each rounded once to BF16: what a column value bus carries in one wave (16 bytes). */
@inline
function multiples(a: f32): v128 {
  const x = f32x4.splat(a);
  const low = roundBf16(f32x4.mul(x, f32x4(0, 1, 2, 3)), halfUnit(), highHalves());
  const high = roundBf16(f32x4.mul(x, f32x4(4, 5, 6, 7)), halfUnit(), highHalves());
  return v128.shuffle<i16>(low, high, 1, 3, 5, 7, 9, 11, 13, 15);
}

/**
 * BF16 rows × inner, row-major, to tiles of FP32 values (4 bytes), or of tables of multiples (16 bytes).
 * @param scales FP32 [inner], multiplied in first; 0 for none
 * @returns 1 when some product t·a may leave FP32's range, where a fused operation would keep it
 */
export function packActivations(
  x: usize, rows: i32, inner: i32, to: usize, table: bool, narrow: bool, flush: bool, scales: usize,
): i32 {
  let top: u32 = 0;
  const shift: usize = table ? 4 : 2;
  for (let row = 0; row < rows; ) {
    const height = tileRows(narrow, rows - row);
    for (let i = 0; i < height; i++) {
      let from = x + ((<usize>(row + i) * inner) << 1);
      let at = to + (<usize>i << shift);
      for (let k = 0; k < inner; k++) {
        let a = readBf16(load<u16>(from), flush);
        if (scales != 0) {
          const factor = readBf16(load<u32>(scales + (<usize>k << 2)) >>> 16, flush);
          const bits = reinterpret<u32>(a * factor);
          a = readBf16((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16, flush);
        }
        top = max(top, reinterpret<u32>(a) & 0x7fffffff);
        if (table) v128.store(at, multiples(a));
        else store<f32>(at, a);
        from += 2;
        at += <usize>height << shift;
      }
    }
    to += (<usize>height * inner) << shift;
    row += height;
  }
  return i32(top >= 0x7e000000);
}
