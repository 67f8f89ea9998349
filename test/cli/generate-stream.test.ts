import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/mugi.js', import.meta.url));
const asked = 'generate --model mugi-tiny-4k --windows default --max-tokens 4000 --prompt';

/** Text of thousands of tokens, which takes seconds, as it comes. */
function writing() {
  const child = spawn(process.execPath, [bin, ...asked.split(' '), 'The whale'], { stdio: 'pipe' });
  let told = '';
  child.stderr.on('data', (text) => (told += String(text)));
  return { child, told: () => told };
}

it('shows a text token by token, and ends when its reader has gone', async () => {
  const { child, told } = writing();
  const [first] = (await once(child.stdout, 'data')) as [Buffer];
  const [second] = (await once(child.stdout, 'data')) as [Buffer];
  expect(String(first)).toMatch(/^The whale/);
  // Thousands of tokens are still to come.
  expect(first.length + second.length).toBeLessThan(4000);
  child.stdout.destroy();
  await once(child, 'exit');
  expect(told()).toBe('');
});

it('is ended by Ctrl-C at once, without a word', async () => {
  const { child, told } = writing();
  await once(child.stdout, 'data');
  child.kill('SIGINT');
  const [status, signal] = (await once(child, 'exit')) as [number | null, string | null];
  expect([status, signal, told()]).toEqual([null, 'SIGINT', '']);
});
