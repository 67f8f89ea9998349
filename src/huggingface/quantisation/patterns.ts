import { MugiError } from '../../errors.ts';
import { line } from '../../shown.ts';

/** Longest pattern, and most of its unbounded parts, that are tried: a file must not be able to stall its reader. */
const MAX_LENGTH = 400;
const MAX_UNBOUNDED = 6;
const MAX_ANYTHING = 3;
/** Most expressions that are tried on the modules of one file, all layers together; real files need some 10⁵. */
const MAX_TRIALS = 5e6;

/** What wrappers and libraries put in front of a language model's modules. */
const PREFIX = /^(?:model|language_model|backbone|transformer|thinker|text_model|llm|module)\./;

const PREFIXES = ['', 'model.', 'language_model.model.', 'model.language_model.', 'backbone.'];

/** True for a set of module names that one of a file's patterns means. */
export type Matcher = (names: readonly string[]) => boolean;

/**
 * Modules by the patterns of a quantisation config, in the dialects that files mix: whole names and their parts at
 * a dot (`lm_head`, `gate`, `model.layers.0.self_attn`), globs (`*.mlp.shared_expert.*`), and regular expressions
 * behind `re:`, which hold from a name's beginning.
 * @param path where the patterns stand, for errors
 */
export function matcher(patterns: readonly string[], path: string): Matcher {
  const plain = new Set<string>();
  const beginnings: string[] = [];
  const globs: RegExp[] = [];
  const expressions: RegExp[] = [];
  for (const pattern of new Set(patterns)) {
    if (pattern.startsWith('re:')) expressions.push(expression(pattern.slice(3), path));
    else if (!pattern.includes('*')) plain.add(bare(pattern).replace(/\.$/, ''));
    // `model.layers.3.self_attn*`, by the hundred in ModelOpt's files: no expression is needed.
    else if (pattern.indexOf('*') === pattern.length - 1) beginnings.push(bare(pattern.slice(0, -1)));
    else globs.push(glob(bare(pattern), path));
  }
  let trials = 0;
  return (names) => {
    // Comparing a beginning takes a fiftieth of trying an expression.
    trials += names.length * (globs.length + expressions.length * PREFIXES.length + beginnings.length / 50);
    if (trials > MAX_TRIALS) throw tooMany(path);
    return (
      (plain.size > 0 && names.some((name) => meant(name, plain))) ||
      beginnings.some((beginning) => names.some((name) => name.startsWith(beginning))) ||
      globs.some((test) => names.some((name) => test.test(name))) ||
      expressions.some((test) => names.some((name) => PREFIXES.some((prefix) => test.test(prefix + name))))
    );
  };
}

/** The name without what may stand in front of it. */
function bare(name: string): string {
  let rest = name;
  while (PREFIX.test(rest)) rest = rest.replace(PREFIX, '');
  return rest;
}

/** True when a run of whole parts of the dotted name is in the set: `a.b.c` is meant by a, b, c, a.b, b.c, a.b.c. */
function meant(name: string, plain: ReadonlySet<string>): boolean {
  for (let from = 0; from >= 0; from = next(name, from)) {
    for (let to = name.indexOf('.', from); ; to = name.indexOf('.', to + 1)) {
      if (plain.has(name.slice(from, to < 0 ? undefined : to))) return true;
      if (to < 0) break;
    }
  }
  return false;
}

/** Where the next part begins; −1 behind the last. */
const next = (name: string, from: number): number => {
  const dot = name.indexOf('.', from);
  return dot < 0 ? -1 : dot + 1;
};

function glob(pattern: string, path: string): RegExp {
  const unbounded = pattern.split('*').length - 1;
  if (pattern.length > MAX_LENGTH || unbounded > MAX_ANYTHING) throw refused(pattern, path);
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  // What `*.` stands for may be nothing, since names are tried without what stands in front of them.
  return new RegExp(`^${escaped.replace(/^\.\*\\\./, '(?:.*\\.)?')}$`, 's');
}

function expression(source: string, path: string): RegExp {
  const unbounded = (source.match(/[*+]|\{\d*,\}/g) ?? []).length;
  const anything = (source.match(/\.[*+]|\]\*|\]\+/g) ?? []).length;
  // A repeated group, or a reference back to one, can run for ever on the wrong name.
  const repeated = /\)[*+{]/.test(source) || /\\[1-9]/.test(source);
  if (source.length > MAX_LENGTH || unbounded > MAX_UNBOUNDED || anything > MAX_ANYTHING || repeated) {
    throw refused(source, path);
  }
  try {
    return new RegExp(`^(?:${source})`, 's');
  } catch {
    throw refused(source, path);
  }
}

const refused = (pattern: string, path: string): MugiError =>
  new MugiError({
    code: 'unsupported',
    message: 'a pattern of module names cannot be evaluated',
    path,
    expected: `a regular expression or glob of up to ${MAX_LENGTH} characters without nested repetition`,
    received: line(pattern, 80),
  });

const tooMany = (path: string): MugiError =>
  new MugiError({
    code: 'unsupported',
    message: 'there are more patterns of module names than can be tried on so many layers',
    path,
    expected: `at most ${MAX_TRIALS} trials`,
  });
