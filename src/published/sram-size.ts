import type { Design, Sram } from '../design/design.ts';
import { isSimd, isSystolic } from './edit.ts';
import type { Quirk } from './quirk.ts';

/** Scaled-up arrays and the tensor core, whose SRAM the artifact has half as large as Table 2. */
const halved = (design: Design): boolean =>
  design.family === 'tensor' || ((isSystolic(design) || isSimd(design)) && design.array.rows >= 32);

export const sramSize = {
  name: 'sram-size',
  published: 'SRAM of scaled-up arrays has 512 KiB, and every SRAM takes one cycle an access',
  repaired:
    '1 MB (Table 2); where one macro does not answer in a cycle by CACTI, as many narrower ones side by side as do',
  design(design) {
    const half = halved(design);
    const memory = ({ wordBits, depthPerBank }: Sram): Sram => ({
      wordBits,
      depthPerBank: half ? depthPerBank / 2 : depthPerBank,
      accessCycles: 1,
    });
    const { input, weight, output } = design.sram;
    return { ...design, sram: { input: memory(input), weight: memory(weight), output: memory(output) } };
  },
} as const satisfies Quirk;
