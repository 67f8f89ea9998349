/**
 * Physical quantities. Inside a room a formula works on plain numbers; what crosses a room's wall is branded
 * with its unit, so that milliwatts cannot be added to watts. Conversion happens only in named functions.
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
export const joules = (value: number): Joules => value as Joules;
export const nanojoules = (value: number): Nanojoules => value as Nanojoules;
const watts = (value: number): Watts => value as Watts;
export const milliwatts = (value: number): Milliwatts => value as Milliwatts;
export const squareMillimetres = (value: number): SquareMillimetres => value as SquareMillimetres;
export const gramsCO2e = (value: number): GramsCO2e => value as GramsCO2e;

export const cyclesToSeconds = (count: Cycles, clock: Hertz): Seconds => seconds(count / clock);
export const nanojoulesToJoules = (energy: Nanojoules): Joules => joules(energy * 1e-9);
export const milliwattsToWatts = (power: Milliwatts): Watts => watts(power * 1e-3);

/** A kilowatt hour, a megajoule, a year of 365 days. */
export const JOULES_PER_KWH = 3.6e6;
export const JOULES_PER_MEGAJOULE = 1e6;
export const SECONDS_PER_YEAR = 365 * 24 * 3600;
