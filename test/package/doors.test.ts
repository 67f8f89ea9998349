import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import { rolldown } from 'rolldown';
import { expect, it } from 'vitest';

/** The doors that touch no file, and what a program in a browser does with each of them. */
const BROWSER_DOORS = [
  {
    door: 'mugi',
    source: 'index.ts',
    use: "door.metrics(door.evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b', preset: 'as-published' })).tokens_per_s.toFixed(2)",
    answer: '1.39',
  },
  {
    door: 'mugi/vlp',
    source: 'doors/vlp.ts',
    use: 'door.approximationNamed("vlp").elementwise(door.functionNamed("silu")) && door.bf16.round(1 / 3)',
    answer: 0.333984375,
  },
  {
    door: 'mugi/hardware',
    source: 'doors/hardware.ts',
    use: 'door.verilog(door.nodeModule(8)).length > 20',
    answer: true,
  },
];

it.each(BROWSER_DOORS)('$door is bundled for a browser, where it runs', async ({ source, use, answer }) => {
  const foreign = new Set<string>();
  const bundle = await rolldown({
    input: fileURLToPath(new URL(`../../src/${source}`, import.meta.url)),
    platform: 'browser',
    external: (id) => {
      const node = id.startsWith('node:') || builtinModules.includes(id);
      if (node) foreign.add(id);
      return node;
    },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'iife', name: 'door' });
  await bundle.close();
  expect([...foreign]).toEqual([]);
  // A context of its own has the language and these alone: no process, no Buffer, no require.
  const browser = createContext({ TextEncoder, TextDecoder, console, URL });
  expect(runInContext(`${output[0].code}\n;${use}`, browser)).toBe(answer);
});
