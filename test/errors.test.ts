import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { fromThread, MugiError } from '../src/errors.ts';

const errors = JSON.stringify(new URL('../src/errors.ts', import.meta.url).href);

async function thrownIn(code: string): Promise<unknown> {
  const module = `import { MugiError } from ${errors}; ${code}`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(module)}`));
  return await new Promise((resolve) => worker.once('error', resolve));
}

it('a mistake of a user that another thread finds is one here, too', async () => {
  const details = {
    code: 'invalid-file',
    message: 'no such thing',
    path: 'a.json: b',
    nearest: 'c',
  } as const;
  const thrown = await thrownIn(`throw new MugiError(${JSON.stringify(details)})`);
  expect(thrown).not.toBeInstanceOf(MugiError);
  const found = fromThread(thrown);
  expect(found).toBeInstanceOf(MugiError);
  expect((found as MugiError).details).toEqual(details);
  expect(fromThread(found)).toEqual(found);
});

it('and an error of the program stays what it is', async () => {
  const thrown = await thrownIn('undefined.x');
  expect(fromThread(thrown)).toBe(thrown);
  expect(thrown).toBeInstanceOf(TypeError);
  for (const odd of [undefined, null, 'text', 3]) expect(fromThread(odd)).toBe(odd);
});
