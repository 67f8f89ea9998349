import { isForPrograms, writeLine } from './progress-lines.ts';

/**
 * A progress bar on stderr for work over two seconds, drawn at most ten times a second, gone when the work is done, so that
 * it never mixes with results on stdout. Where stderr is no terminal, a line every half minute; where a program reads it, a
 * JSON line a second.
 */
export interface Progress {
  /** Moves to `done` of the total; `note` stands behind the bar. */
  update(done: number, note?: string, counted?: Counted): void;
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
  /** Share of the work, and the seconds that are left as far as it can be told. */
  const standing = (done: number, now: number): { share: number; left: number | undefined; eta: string } => {
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const left = share > 0 && !atMost ? ((now - begun) / 1000) * (1 / share - 1) : undefined;
    const eta = atMost ? ' of the most' : left === undefined ? '' : ` ${Math.ceil(left)} s left`;
    return { share, left, eta };
  };
  if (isForPrograms(stream)) {
    let said = begun;
    let unsaid: (() => void) | undefined;
    return {
      update(done, note, counted = { done, total }) {
        unsaid = () => {
          const now = performance.now();
          said = now;
          const left = standing(done, now).left;
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
 * it ends. `unit` is what the note behind a bar counts.
 */
export async function withStages<Name extends string, T>(
  stages: Readonly<Record<Name, Stage>>,
  work: (report: (stage: Name, done: number, total: number, note?: string) => void) => T | Promise<T>,
): Promise<T> {
  let current: { stage: Name; bar: Progress } | undefined;
  const programs = isForPrograms();
  try {
    return await work((stage, done, total, note) => {
      const { label, unit, atMost } = stages[stage];
      if (current?.stage !== stage) {
        current?.bar.stop();
        current = { stage, bar: progress(label, 1, process.stderr, stage, atMost) };
      }
      const counted = unit === undefined ? [] : [`${done} of ${total} ${unit}`];
      const words = programs ? note : [...counted, ...(note === undefined ? [] : [note])].join(', ');
      current.bar.update(done / total, words, { done, total, unit });
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
  work: (report: (done: number, total: number) => void) => T | Promise<T>,
  phase = label,
  atMost = false,
): Promise<T> =>
  withStages({ [phase]: { label, unit, atMost } }, (report) => {
    // The bar is there from the start, so that it tells the time left from all that has passed.
    report(phase, 0, 1);
    return work((done, total) => report(phase, done, total));
  });
