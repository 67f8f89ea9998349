import { APPROXIMATIONS } from '../../../src/approximation/index.ts';
import { MugiError, unknownName } from '../../../src/errors.ts';
import { STUDIO_MODELS } from '../../../src/model/embedded.ts';
import { benchOf, PROFILED, SOFTMAX } from '../../view/functions-bench.ts';
import { refuse, type Shown, stated, taken } from './words.ts';

/** `mugi approximate`: errors by range, or answers to inputs of one's own. */
export function approximating([, ...words]: readonly string[]): Shown {
  const flags = ['--method', '--window', '--mantissa', '--x'];
  const { given, left } = taken(words, flags);
  const [name, ...more] = left;
  refuse(more, flags);
  const method = given.get('--method') ?? 'vlp';
  if (name === SOFTMAX && !given.has('--x')) {
    throw new MugiError({
      code: 'unsupported',
      message: 'the page evaluates scores of your own',
      path: 'x',
      expected: '--x with the scores of a row',
    });
  }
  const methods = method.split(',').includes('all') ? Object.keys(APPROXIMATIONS).join(',') : method;
  return bench({ function: name, methods, scores: given.get('--x') }, given);
}

/** `mugi lut`: the table stands below the errors. */
export function tabling([, ...words]: readonly string[]): Shown {
  const flags = ['--window', '--mantissa'];
  const { given, left } = taken(words, flags);
  const [name, ...more] = left;
  refuse(more, flags);
  return bench({ function: name === SOFTMAX ? 'exp' : name, methods: 'vlp' }, given);
}

function bench(words: Readonly<Record<string, string | undefined>>, given: Map<string, string>): Shown {
  const window = given.get('--window');
  const [, lo, hi] = /^(-?\d+)\.\.(-?\d+)$/.exec(window ?? '') ?? [];
  if (window !== undefined && lo === undefined) {
    throw new MugiError({
      code: 'invalid-value',
      message: 'a window is two exponents',
      path: 'window',
      expected: 'LO..HI',
      received: window,
    });
  }
  const detail = stated({ ...words, lo, hi, mantissa: given.get('--mantissa') });
  benchOf(detail);
  return { view: 'functions', detail };
}

/** `mugi profile`: the model whose inputs the page counts, at the size at which it counts. */
export function profiling([, ...words]: readonly string[]): Shown {
  const flags = ['--model', '--tokens'];
  const { given, left } = taken(words, flags);
  refuse(left, flags);
  const model = given.get('--model') ?? STUDIO_MODELS[0];
  if (!(STUDIO_MODELS as readonly string[]).includes(model))
    throw unknownName('model of this page', model, STUDIO_MODELS, 'model');
  const tokens = given.get('--tokens');
  if (tokens !== String(PROFILED)) {
    throw new MugiError({
      code: 'invalid-value',
      message: `the page counts the inputs of ${PROFILED} tokens`,
      path: 'tokens',
      expected: `--tokens ${PROFILED}`,
      received: tokens,
    });
  }
  return { view: 'functions', detail: { profile: model } };
}
