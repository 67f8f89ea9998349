import { isForPrograms, writeLine } from './progress-lines.ts';

/**
 * A progress bar on stderr for work over two seconds, drawn at most ten times a second, gone when the work is done, so that
 * it never mixes with results on stdout. Where stderr is no terminal, a line every half minute; where a program reads it, a
 * JSON line a second.
 */
export interface Progress {
  /** Moves to `done` of the total, of which `kept` was there before; `note` stands behind the bar. */
  update(done: number, note?: string, counted?: Counted, kept?: number): void;
  stop(): void;
}

/** What is counted, where the bar is told of a share only. */
export interface Counted {
  done: number;
  total: number;
  unit?: string | undefined;
}

/** Milliseconds between lines where there is no bar: for people, and for programs. */
const LINE_EVERY = 30_000;
const JSON_EVERY = 1000;

/**
 * @param phase what programs know this part of the work by
 * @param atMost the work ends when it has enough, so that nobody knows what is left
 */
export function progress(
  label: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
  phase = label,
  atMost = false,
): Progress {
  const begun = performance.now();
  /** Share of the work, and the seconds that are left at the pace of what was not kept, as far as it can be told. */
  const standing = (
    done: number,
    kept: number,
    now: number,
  ): { share: number; left: number | undefined; eta: string } => {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const own = done - kept;
    // Shares are rounded, so that a small difference is none.
    const pace = !atMost && own > 1e-9 * total ? (now - begun) / 1000 / own : undefined;
    const left = share === 1 && !atMost ? 0 : pace && pace * (total - done);
    const eta = atMost ? ' of the most' : left === undefined ? '' : ` ${Math.ceil(left)} s left`;
    return { share, left, eta };
  };
  if (isForPrograms(stream)) {
    let said = begun;
    let unsaid: (() => void) | undefined;
    return {
      update(done, note, counted = { done, total }, kept = 0) {
        unsaid = () => {
          const now = performance.now();
          said = now;
          const { left } = standing(done, kept, now);
          const unit = counted.unit === undefined ? {} : { unit: counted.unit };
          writeLine(
            {
              phase,
              done: counted.done,
              total: counted.total,
              ...unit,
              elapsed_s: rounded((now - begun) / 1000),
              left_s: left === undefined ? null : rounded(left),
              ...(note === undefined || note === '' ? {} : { note }),
            },
            stream,
          );
        };
        if (performance.now() - said < JSON_EVERY) return;
        unsaid();
        unsaid = undefined;
      },
      // The end of what was told of is told, too; of less than a second nothing is.
      stop() {
        if (said !== begun) unsaid?.();
      },
    };
  }
  if (!stream.isTTY) {
    let said = begun;
    return {
      update(done, note = '', _counted = undefined, kept = 0) {
        const now = performance.now();
        if (now - said < LINE_EVERY) return;
        said = now;
        const { share, eta } = standing(done, kept, now);
        stream.write(`${label}: ${(share * 100).toFixed(0)} %${eta} ${note}`.trimEnd() + '\n');
      },
      stop() {},
    };
  }
  let drawn = 0;
  const clear = '\r\u001b[K';
  return {
    update(done, note = '', _counted = undefined, kept = 0) {
      const now = performance.now();
      if (now - begun < 1000 || now - drawn < 100) return;
      drawn = now;
      const { share, eta } = standing(done, kept, now);
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

const rounded = (seconds: number): number => Math.round(10 * seconds) / 10;

/** One part of a command's work: how people are told of it, and what it counts. */
export interface Stage {
  label: string;
  unit?: string | undefined;
  /** It ends when it has enough: its total is the most that it may count. */
  atMost?: boolean | undefined;
}

/**
 * Runs work behind bars, one for each of its stages, by which programs know them; the last is gone when the work ends, however
 * it ends. `unit` is what the note behind a bar counts. What was done when a bar begins has taken none of its time, nor has
 * what is `kept`: of `done`, what an earlier run had done.
 */
export async function withStages<Name extends string, T>(
  stages: Readonly<Record<Name, Stage>>,
  work: (
    report: (stage: Name, done: number, total: number, kept?: number, note?: string) => void,
  ) => T | Promise<T>,
): Promise<T> {
  let current: { stage: Name; bar: Progress; before: number } | undefined;
  const programs = isForPrograms();
  try {
    return await work((stage, done, total, kept = 0, note) => {
      const { label, unit, atMost } = stages[stage];
      if (current?.stage !== stage) {
        current?.bar.stop();
        const bar = progress(label, 1, process.stderr, stage, atMost);
        current = { stage, bar, before: done - kept };
      }
      const counted = unit === undefined ? [] : [`${done} of ${total} ${unit}`];
      const words = programs ? note : [...counted, ...(note === undefined ? [] : [note])].join(', ');
      const unpaced = (kept + current.before) / total;
      current.bar.update(done / total, words, { done, total, unit }, unpaced);
    });
  } finally {
    current?.bar.stop();
  }
}

/**
 * The same for work of one stage.
 * @param phase what programs know it by; default: its label
 * @param atMost it ends when it has enough
 */
export const withProgress = <T>(
  label: string,
  unit: string | undefined,
  work: (report: (done: number, total: number, kept?: number) => void) => T | Promise<T>,
  phase = label,
  atMost = false,
): Promise<T> =>
  withStages({ [phase]: { label, unit, atMost } }, (report) => {
    // The bar is there from the start, so that it tells the time left from all that has passed.
    report(phase, 0, 1);
    return work((done, total, kept) => report(phase, done, total, kept));
  });
