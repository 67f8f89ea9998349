import { useSyncExternalStore } from 'react';
import { MugiError } from '../../src/errors.ts';
import { type Experiment, fromAddress, START, toAddress } from '../../src/question/address.ts';

/** The experiment that the page shows, or why its address means none. */
export type State =
  | { experiment: Experiment; error?: undefined }
  | { experiment: Experiment; error: MugiError };

/** Browsers refuse more than some hundred new addresses in half a minute: one is written when a gesture rests. */
const REST_MS = 250;

const listeners = new Set<() => void>();
let state: State = opened();
let timer: ReturnType<typeof setTimeout> | undefined;
let gesture: string | undefined;

function opened(): State {
  try {
    return { experiment: fromAddress(location.hash) };
  } catch (error) {
    if (error instanceof MugiError) return { experiment: START, error };
    throw error;
  }
}

function show(next: State): void {
  state = next;
  for (const listener of listeners) listener();
}

const write = (): void => {
  clearTimeout(timer);
  timer = undefined;
  const address = toAddress(state.experiment);
  if (address !== location.hash) history.replaceState(null, '', address);
};

/** What has been changed but not yet written to the address. */
export function settle(): void {
  if (timer !== undefined) write();
  gesture = undefined;
}

/**
 * Changes the experiment. Changes of one gesture (a slider that is dragged) are one step of the browser's history, so
 * that Back undoes it as a whole.
 */
export function change(part: Partial<Experiment>, of?: string): void {
  if (of === undefined || of !== gesture) {
    settle();
    history.pushState(null, '', toAddress(state.experiment));
  }
  gesture = of;
  show({ experiment: { ...state.experiment, ...part } });
  clearTimeout(timer);
  if (of === undefined) write();
  else timer = setTimeout(write, REST_MS);
}

/** Changes what a view shows in detail; an undefined value takes the word out. */
export function detail(words: Readonly<Record<string, string | undefined>>, of?: string): void {
  const all = { ...state.experiment.detail, ...words };
  const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  change({ detail: Object.fromEntries(kept) }, of);
}

/** Changes keys of the question; an undefined value gives a key its default. */
export function ask(keys: Partial<Record<string, unknown>>, of?: string): void {
  const all = { ...state.experiment.asked, ...keys };
  const kept = Object.entries(all).filter(([, value]) => value !== undefined);
  change({ asked: Object.fromEntries(kept) }, of);
}

window.addEventListener('popstate', () => {
  clearTimeout(timer);
  timer = undefined;
  gesture = undefined;
  show(opened());
});

/** The experiment at this moment, for what was begun before it. */
export const experimentNow = (): Experiment => state.experiment;

export const useExperiment = (): State =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
