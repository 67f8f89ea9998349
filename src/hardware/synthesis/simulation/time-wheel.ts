/** Steps that the wheel holds ahead of the present one; delays are less. */
const STEPS = 1 << 17;

/** A queue of events by whole steps of time: a list a step, so that adding and taking cost the same however many wait. */
export class TimeWheel {
  now = 0;
  readonly #head = new Int32Array(STEPS).fill(-1);
  #event = new Int32Array(1024);
  #after = new Int32Array(1024);
  #free = -1;
  #used = 0;
  #waiting = 0;

  /** Adds an event (a number) at a time not before `now`. */
  add(event: number, time: number): void {
    let entry = this.#free;
    if (entry >= 0) this.#free = this.#after[entry];
    else {
      entry = this.#used++;
      if (entry === this.#event.length) {
        this.#event = doubled(this.#event);
        this.#after = doubled(this.#after);
      }
    }
    const slot = time & (STEPS - 1);
    this.#event[entry] = event;
    this.#after[entry] = this.#head[slot];
    this.#head[slot] = entry;
    this.#waiting++;
  }

  /** Takes the next event, after which `now` is its time; −1 where none waits. */
  next(): number {
    if (this.#waiting === 0) return -1;
    const head = this.#head;
    while (head[this.now & (STEPS - 1)] < 0) this.now++;
    const slot = this.now & (STEPS - 1);
    const entry = head[slot];
    head[slot] = this.#after[entry];
    this.#after[entry] = this.#free;
    this.#free = entry;
    this.#waiting--;
    return this.#event[entry];
  }

  /** Time begins anew; nothing may wait. */
  restart(): void {
    this.now = 0;
  }
}

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
}
