/** Points in a row that fall to one worker: neighbours share most of their work. */
const RUN = 2048;
/** Points that keep a worker longer than it takes to start. */
const WORTH = 20_000;

/** Workers for a space of so many points. @param cores of the machine */
export const workersFor = (size: number, cores: number | undefined): number =>
  Math.max(1, Math.min(cores ?? 1, Math.ceil(size / WORTH)));

/** What one of `of` workers has of a space's points: every so many-th run of them, numbered by itself from 0. */
export class Part {
  /** Own points. */
  readonly size: number;
  readonly #of: number;
  readonly #which: number;

  constructor(space: number, of: number, which: number) {
    const whole = Math.floor(space / RUN);
    const runs = Math.floor((whole - which + of - 1) / of);
    this.size = runs * RUN + (whole % of === which ? space % RUN : 0);
    this.#of = of;
    this.#which = which;
  }

  /** Number of an own point in the space. */
  index(own: number): number {
    const at = own % RUN;
    return (((own - at) / RUN) * this.#of + this.#which) * RUN + at;
  }

  /** Own points as ranges of the space. */
  *ranges(from: number, to: number): Iterable<{ own: number; index: number; length: number }> {
    for (let own = from; own < to; ) {
      const length = Math.min(to - own, RUN - (own % RUN));
      yield { own, index: this.index(own), length };
      own += length;
    }
  }
}
