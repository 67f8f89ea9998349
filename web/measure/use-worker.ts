import { useCallback, useEffect, useRef, useState } from 'react';
import { MugiError } from '../../src/errors.ts';
import type { Asked, Stage, Told } from './messages.ts';

/** What a run of a real model is doing; nothing when none is under way. */
export interface Running {
  stage: Stage;
  done: number;
  total: number;
}

type Answer = Exclude<Told, { kind: 'progress' | 'failed' }>;

/** `Omit` for each kind of question by itself. */
type Question<T = Asked> = T extends Asked ? Omit<T, 'base'> : never;

/** Runs real models in a worker, one at a time; to stop is to end the worker. */
export function useWorker(onAnswer: (answer: Answer) => void): {
  running?: Running;
  error?: MugiError;
  start(asked: Question): void;
  stop(): void;
} {
  const [state, set] = useState<{ running?: Running; error?: MugiError }>({});
  const worker = useRef<Worker>(undefined);
  const latest = useRef(onAnswer);
  latest.current = onAnswer;
  const end = (): void => {
    worker.current?.terminate();
    worker.current = undefined;
  };
  const stop = useCallback(() => {
    end();
    set({});
  }, []);
  const start = useCallback((asked: Question) => {
    end();
    set({ running: { stage: 'loading', done: 0, total: 1 } });
    const made = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.current = made;
    made.addEventListener('message', ({ data }: MessageEvent<Told>) => {
      if (worker.current !== made) return;
      if (data.kind === 'progress') return set({ running: data });
      end();
      if (data.kind === 'failed') return set({ error: new MugiError(data.details) });
      set({});
      latest.current(data);
    });
    made.addEventListener('error', ({ message }) => {
      if (worker.current !== made) return;
      end();
      set({ error: new MugiError({ code: 'internal', message: `the model stopped: ${message}` }) });
    });
    made.postMessage({ ...asked, base: document.baseURI }, { transfer: [] });
  }, []);
  useEffect(() => end, []);
  return { ...state, start, stop };
}
