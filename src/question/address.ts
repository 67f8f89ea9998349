import { MugiError } from '../errors.ts';
import { formOf, type Question, question, QUESTION_KEYS, type QuestionKey } from './question.ts';

/** Version of the address: raised when a part of it changes its meaning. */
const ADDRESS_VERSION = '1';

export const VIEWS = [
  'compare',
  'repairs',
  'explore',
  'operators',
  'node',
  'functions',
  'accuracy',
  'paper',
] as const;
export type ViewName = (typeof VIEWS)[number];

/** What a question says beyond its defaults; the whole question follows from it. */
export type Asked = Partial<Question>;

/** All that a page shows: its address says this and nothing else. */
export interface Experiment {
  view: ViewName;
  asked: Asked;
  /** The state that numbers are compared with. */
  pinned?: Asked;
  /** What a view shows in detail, by words of its own: `why`, `function`. */
  detail: Readonly<Record<string, string>>;
}

export const START: Experiment = { view: 'compare', asked: {}, detail: {} };

/** Keys of an address that are no keys of a question. */
const OWN = ['v', 'pin'];

function written(asked: Asked): URLSearchParams {
  const words = new URLSearchParams();
  for (const key of QUESTION_KEYS) {
    const value = asked[key];
    const { write, default: usual } = formOf(key);
    if (value === undefined || JSON.stringify(value) === JSON.stringify(usual)) continue;
    words.set(key, write(value as never));
  }
  return words;
}

function read(words: URLSearchParams): Asked {
  const asked: Record<string, unknown> = {};
  for (const [key, text] of words) {
    if (isKey(key)) asked[key] = formOf(key).read(key, text);
  }
  // Checked as a whole here, so that a wrong address is refused where it is read.
  question(asked);
  return asked as Asked;
}

const isKey = (key: string): key is QuestionKey => (QUESTION_KEYS as readonly string[]).includes(key);

/** The fragment of an experiment: `#/compare?v=1&batch=16`. */
export function toAddress({ view, asked, pinned, detail }: Experiment): string {
  const words = new URLSearchParams({ v: ADDRESS_VERSION });
  for (const [key, value] of written(asked)) words.set(key, value);
  if (pinned !== undefined) words.set('pin', written(pinned).toString());
  for (const [key, value] of Object.entries(detail)) words.set(`.${key}`, value);
  return `#/${view}?${words}`;
}

/**
 * The experiment that a fragment means; without one, the start.
 * @throws MugiError for a view, version, key or value that is not there
 */
export function fromAddress(fragment: string): Experiment {
  if (fragment === '' || fragment === '#' || fragment === '#/') return START;
  const [, name = '', query = ''] = /^#\/([^?]*)\??([^]*)$/.exec(fragment) ?? [];
  const view = VIEWS.find((one) => one === name);
  if (view === undefined) throw wrong('there is no such view', VIEWS.join(', '), name || fragment);
  const words = new URLSearchParams(query);
  const version = words.get('v') ?? ADDRESS_VERSION;
  if (version !== ADDRESS_VERSION) {
    throw wrong(
      'this address was written by another version of the studio',
      `v=${ADDRESS_VERSION}`,
      `v=${version}`,
    );
  }
  const detail: Record<string, string> = {};
  for (const [key, value] of words) {
    if (key.startsWith('.')) detail[key.slice(1)] = value;
    else if (!OWN.includes(key) && !isKey(key)) {
      throw wrong('a key of the address is unknown', QUESTION_KEYS.join(', '), key);
    }
  }
  const pin = words.get('pin');
  const asked = read(words);
  return { view, asked, detail, ...(pin === null ? {} : { pinned: read(new URLSearchParams(pin)) }) };
}

const wrong = (message: string, expected: string, received: string): MugiError =>
  new MugiError({ code: 'invalid-value', message, path: 'address', expected, received });
