/**
 * A progress bar on stderr for work over two seconds, drawn at most ten times a second, gone when the work is done, so that
 * it never mixes with results on stdout. Where stderr is no terminal, a line every half minute.
 */
export interface Progress {
  /** Moves to `done` of the total; `note` stands behind the bar. */
  update(done: number, note?: string): void;
  stop(): void;
}

/** Milliseconds between lines where there is no bar. */
const LINE_EVERY = 30_000;

export function progress(
  label: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  const begun = performance.now();
  /** Share of the work, and the time that is left as far as it can be told. */
  const standing = (done: number, now: number): { share: number; eta: string } => {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const rest = share > 0 ? ((now - begun) / 1000) * (1 / share - 1) : Number.NaN;
    return { share, eta: Number.isFinite(rest) ? ` ${Math.ceil(rest)} s left` : '' };
  };
  if (!stream.isTTY) {
    let said = begun;
    return {
      update(done, note = '') {
        const now = performance.now();
        if (now - said < LINE_EVERY) return;
        said = now;
        const { share, eta } = standing(done, now);
        stream.write(`${label}: ${(share * 100).toFixed(0)} %${eta} ${note}`.trimEnd() + '\n');
      },
      stop() {},
    };
  }
  let drawn = 0;
  const clear = '\r\u001b[K';
  return {
    update(done, note = '') {
      const now = performance.now();
      if (now - begun < 1000 || now - drawn < 100) return;
      drawn = now;
      const { share, eta } = standing(done, now);
      const filled = Math.round(share * 24);
      stream.write(
        `${clear}${label} ${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${(share * 100).toFixed(0)} %${eta} ${note}`,
      );
    },
    stop() {
      stream.write(clear);
    },
  };
}

/**
 * Runs work behind bars, one for each of its stages; the last is gone when the work ends, however it ends. `unit` is what
 * the note behind a bar counts.
 */
export async function withStages<Stage extends string, T>(
  stages: Readonly<Record<Stage, { label: string; unit?: string }>>,
  work: (report: (stage: Stage, done: number, total: number, note?: string) => void) => T | Promise<T>,
): Promise<T> {
  let current: { stage: Stage; bar: Progress } | undefined;
  try {
    return await work((stage, done, total, note) => {
      const { label, unit } = stages[stage];
      if (current?.stage !== stage) {
        current?.bar.stop();
        current = { stage, bar: progress(label, 1) };
      }
      const counted = unit === undefined ? [] : [`${done} of ${total} ${unit}`];
      current.bar.update(done / total, [...counted, ...(note === undefined ? [] : [note])].join(', '));
    });
  } finally {
    current?.bar.stop();
  }
}

/** The same for work of one stage. */
export const withProgress = <T>(
  label: string,
  unit: string | undefined,
  work: (report: (done: number, total: number) => void) => T | Promise<T>,
): Promise<T> =>
  withStages({ work: { label, unit } }, (report) => {
    // The bar is there from the start, so that it tells the time left from all that has passed.
    report('work', 0, 1);
    return work((done, total) => report('work', done, total));
  });
