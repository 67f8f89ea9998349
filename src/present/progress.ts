/**
 * A progress bar on stderr for work over two seconds: silent when stderr is not a terminal, drawn at most ten
 * times a second, gone when the work is done, so that it never mixes with results on stdout.
 */
export interface Progress {
  /** Moves to `done` of the total; `note` stands behind the bar. */
  update(done: number, note?: string): void;
  stop(): void;
}

export function progress(
  label: string,
  total: number,
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  if (!stream.isTTY) return { update: () => {}, stop: () => {} };
  const begun = performance.now();
  let drawn = 0;
  const clear = '\r\u001b[K';
  return {
    update(done, note = '') {
      const now = performance.now();
      if (now - begun < 1000 || now - drawn < 100) return;
      drawn = now;
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const filled = Math.round(share * 24);
      const rest = share > 0 ? ((now - begun) / 1000) * (1 / share - 1) : Number.NaN;
      const eta = Number.isFinite(rest) ? ` ${Math.ceil(rest)} s left` : '';
      stream.write(
        `${clear}${label} ${'█'.repeat(filled)}${'░'.repeat(24 - filled)} ${(share * 100).toFixed(0)} %${eta} ${note}`,
      );
    },
    stop() {
      stream.write(clear);
    },
  };
}
