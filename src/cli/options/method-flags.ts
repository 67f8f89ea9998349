import { type Method, METHODS, methodNamed } from '../../accuracy/study/methods.ts';
import { listOf } from '../../question/text.ts';
import { flag, type Reader } from './flag.ts';

const METHOD: Reader<Method> = {
  argument: '<name>',
  offer: { words: () => METHODS },
  read: (_, name) => methodNamed(name),
};

/** Each method once. */
const METHOD_LIST: Reader<Method[]> = {
  argument: '<list>',
  offer: { words: () => METHODS, list: true },
  read: (key, names) => [...new Set(listOf(key, names).map(methodNamed))],
};

const HELP = METHODS.join(', ');

export const METHODS_FLAG = flag('--method', METHOD_LIST, `methods to compare: ${HELP}`);
export const METHOD_FLAG = flag('--method', METHOD, `how nonlinear functions are computed: ${HELP}`, {
  default: 'vlp',
});
