import { join } from 'node:path';
import { makeFolder, writable } from '../../files/write.ts';
import type { PaperItem, PaperResult } from '../../paper/item.ts';
import { toCsv } from '../../present/csv.ts';
import { renderSvg, svgToPng } from '../../present/plot.ts';
import { writeResult } from '../options/written.ts';

/** Pixels a unit of the drawing: sharp on paper, and half the memory of twice. */
const PICTURE_SCALE = 1.5;

/** The folder of `--out`: a CSV of each item, an SVG and a PNG of each of its plots. */
export class PaperFiles {
  readonly #folder: string;
  #pictures = Promise.resolve();

  /** Makes the folder. */
  constructor(folder: string) {
    makeFolder(folder);
    writable(folder);
    this.#folder = folder;
  }

  /** Writes CSV and SVG, and has each PNG drawn behind the one before, on another thread, while the next item is computed. */
  async add({ name: item }: PaperItem, { rows, plots }: PaperResult): Promise<void> {
    writeResult(join(this.#folder, `${item}.csv`), toCsv(rows));
    for (const { name, spec } of plots) {
      const svg = await renderSvg(spec);
      writeResult(join(this.#folder, `${name}.svg`), svg);
      this.#pictures = this.#pictures.then(async () =>
        writeResult(join(this.#folder, `${name}.png`), await svgToPng(svg, PICTURE_SCALE)),
      );
    }
  }

  /** Resolves when the last picture is written. */
  finish(): Promise<void> {
    return this.#pictures;
  }
}
