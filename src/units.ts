/**
 * Physical quantities, and every conversion between units.
 *
 * Branded: time, energy, power, area, carbon and clock, where prices become figures of merit (`price.ts`, `Share`,
 * `Evaluation`), so that milliwatts cannot be added to watts. Not branded: counts, words, bits and cycles of a mapping.
 * They are multiplied and divided by one another in nearly every formula, which makes a plain number of them each time,
 * and what keeps them right is `conservation.ts`, which counts them by a second route in every evaluation. Rows of
 * tables and of reports, likewise plain, carry the unit in their key (`read_nJ`, `area_mm2`).
 */
declare const unit: unique symbol;
type Quantity<U extends string> = number & { readonly [unit]: U };

export type Cycles = Quantity<'cycle'>;
export type Seconds = Quantity<'s'>;
export type Hertz = Quantity<'Hz'>;
export type Joules = Quantity<'J'>;
export type Nanojoules = Quantity<'nJ'>;
export type Watts = Quantity<'W'>;
export type Milliwatts = Quantity<'mW'>;
export type SquareMillimetres = Quantity<'mm2'>;
export type GramsCO2e = Quantity<'gCO2e'>;

export const cycles = (value: number): Cycles => value as Cycles;
export const seconds = (value: number): Seconds => value as Seconds;
export const hertz = (value: number): Hertz => value as Hertz;
export const megahertz = (value: number): Hertz => hertz(value * 1e6);
export const megahertzOf = (clock: Hertz): number => clock / 1e6;
/** Nanoseconds of a clock cycle. */
export const periodOf = (clock: Hertz): number => 1e9 / clock;
export const joules = (value: number): Joules => value as Joules;
export const nanojoules = (value: number): Nanojoules => value as Nanojoules;
const watts = (value: number): Watts => value as Watts;
export const milliwatts = (value: number): Milliwatts => value as Milliwatts;
export const squareMillimetres = (value: number): SquareMillimetres => value as SquareMillimetres;
export const gramsCO2e = (value: number): GramsCO2e => value as GramsCO2e;

export const cyclesToSeconds = (count: Cycles, clock: Hertz): Seconds => seconds(count / clock);
export const nanojoulesToJoules = (energy: Nanojoules): Joules => joules(energy * 1e-9);
export const milliwattsToWatts = (power: Milliwatts): Watts => watts(power * 1e-3);

/** Energy of `count` accesses or activations. */
export const perAccess = (energy: Nanojoules, count: number): Joules =>
  nanojoulesToJoules(nanojoules(energy * count));
/** Whole clock cycles that so many nanoseconds take. */
export const cyclesWithin = (nanoseconds: number, clock: Hertz): Cycles =>
  cycles(Math.ceil((nanoseconds * clock) / 1e9));

/** For rows of reports, in the unit that their key names. */
export const picojoulesOf = (energy: Nanojoules): number => energy * 1e3;
export const microwattsOf = (power: Milliwatts): number => power * 1e3;
export const squareMicrometresOf = (area: SquareMillimetres): number => area * 1e6;

export const picojoulesToJoules = (energy: number): Joules => joules(energy * 1e-12);

/** A kilowatt hour, a megajoule, a year of 365 days. */
export const JOULES_PER_KWH = 3.6e6;
export const JOULES_PER_MEGAJOULE = 1e6;
export const SECONDS_PER_YEAR = 365 * 24 * 3600;
