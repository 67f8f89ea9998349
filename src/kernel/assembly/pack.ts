// Activations in the order in which the tiles read them.
import { tileRows } from './tiles';

/** FP32 rows × inner, row-major, to tiles [inner][height]. */
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
