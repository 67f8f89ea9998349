/**
 * The sizes of the VLP array. Everything else that is eight, three or twelve because the array is so derives from here.
 */

/** Bits of a temporal code: the magnitude of an INT4 weight, or a rounded BF16 mantissa (Mugi §3.1, §4.1). */
export const CODE_BITS = 3;

/** Cycles of a temporal code, and so the interval at which mappings enter the array (Mugi §2.1). */
export const CODE_CYCLES = 2 ** CODE_BITS;

/** Columns of the array: as many as a code has cycles, so that none is ever idle (Mugi §2.1). */
export const COLUMNS = CODE_CYCLES;

/** Rows of a LUT for one sign, one a mantissa; one is read in each cycle of the code (Mugi §3.1, Fig. 5). */
export const LUT_ROWS = CODE_CYCLES;

/** Exponents that a LUT row can hold (Mugi §3.3; Fig. 6 sweeps 8 to 12). */
export const LUT_EXPONENTS = 12;

/** Exponents of a sliding window: one a column (Mugi §3.3). */
export const WINDOW_EXPONENTS = COLUMNS;
