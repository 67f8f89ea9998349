import { MugiError } from '../../errors.ts';
import { type Flag, keyOf } from './flag.ts';
import { refuseIdle } from './idle.ts';

/** Refuses a second word beside a space. */
export function oneSpace(second: string | undefined): void {
  if (second !== undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: 'a space is one file; two words are for show and a result',
      path: 'file',
      expected: 'mugi explore SPACE, or mugi explore show FILE',
      received: second,
    });
}

/** The result that `show` is asked for. */
export function resultFile(file: string | undefined): string {
  if (file === undefined)
    throw new MugiError({
      code: 'invalid-value',
      message: 'show needs the file of a result',
      path: 'file',
      expected: 'mugi explore show FILE',
    });
  return file;
}

/** Refuses flags that would change nothing in a run. */
export function refuseIdleRun(
  given: ReadonlySet<string>,
  { searched, slurm, loss }: { searched: boolean; slurm: boolean; loss: boolean },
): void {
  refuseIdle(given, [
    {
      flags: ['store', 'shard', 'threads', 'slurm', 'merge'],
      when: searched,
      because: 'is for spaces that are exhausted, and this one is searched',
    },
    {
      flags: ['fresh'],
      when: !loss,
      because: 'forgets measured losses, and the loss is neither an objective nor bounded',
    },
    {
      flags: ['merge'],
      when: slurm,
      because: 'evaluates nothing, and --slurm evaluates',
    },
    {
      flags: ['shard'],
      when: slurm,
      because: 'is what --slurm gives each of its tasks',
      expected: 'no --shard beside --slurm; --shards says how many there are',
    },
  ]);
}

/** What shows a result; all other flags say what is found, and how. */
const SHOWING: readonly string[] = ['html', 'plots', 'yaml', 'rows', 'json', 'csv'];

/** Refuses flags of a search beside a result that is shown. */
export function refuseIdleShow(given: ReadonlySet<string>, flags: readonly Flag[]): void {
  refuseIdle(
    given,
    [
      {
        flags: flags.map(({ name }) => keyOf(name)).filter((key) => !SHOWING.includes(key)),
        when: true,
        because: "changes nothing: the result is an earlier run's",
      },
    ],
    'mugi explore show',
  );
}
