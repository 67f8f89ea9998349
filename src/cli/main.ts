import { Command, CommanderError } from 'commander';
import { announceInterrupts } from '../files/interrupt.ts';
import { MugiError, nearest } from '../errors.ts';
import { cut, printableJson, printableText } from '../shown.ts';
import type { CommandEntry } from './options/command.ts';
import { withDashes } from './options/dashes.ts';
import { version } from '../version.ts';

/** Every command, in the order of the help text. Adding one is one file and one line here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'compare',
    summary: 'what a model gains on each design: speed, energy, area, carbon',
    load: () => import('./command/compare.ts'),
  },
  {
    name: 'evaluate',
    summary: 'one design in depth: operators, bounds, activity, energy and area by component',
    load: () => import('./command/evaluate.ts'),
  },
  {
    name: 'serve',
    summary: 'answers to questions from another program, one JSON object a line',
    load: () => import('./command/serve.ts'),
  },
  {
    name: 'mcp',
    summary: 'answers to agents, by the Model Context Protocol',
    load: () => import('./command/mcp.ts'),
  },
  {
    name: 'sweep',
    summary: 'one question over lists and ranges of its numbers: rows, and lines of a metric',
    load: () => import('./command/sweep.ts'),
  },
  {
    name: 'explore',
    summary: 'the best designs of a space: shapes, memories, meshes, uses, under bounds',
    load: () => import('./command/explore.ts'),
  },
  {
    name: 'jobs',
    summary: 'many commands as jobs: accuracy over texts, synthesis over designs; resumable, on Slurm',
    load: () => import('./command/jobs.ts'),
  },
  {
    name: 'diff',
    summary: 'which numbers moved between two results, and why',
    load: () => import('./command/diff.ts'),
    failure: 2,
  },
  {
    name: 'studio',
    summary: 'the studio in a browser: compare, switch repairs, ask why, live',
    load: () => import('./command/studio.ts'),
  },
  {
    name: 'export',
    summary: 'results for LLMServingSim, Accelergy and Perfetto',
    load: () => import('./command/export.ts'),
  },
  {
    name: 'models',
    summary: 'built-in models with their parameters, or the operators of one model',
    load: () => import('./command/models.ts'),
  },
  {
    name: 'designs',
    summary: 'what is built in, one design in depth, and the schema of design files',
    load: () => import('./command/designs.ts'),
  },
  {
    name: 'schema',
    summary: 'the JSON Schema of questions, design files or window files',
    load: () => import('./command/schema.ts'),
  },
  {
    name: 'paper',
    summary: 'regenerate tables and figures of the paper, with deviations',
    load: () => import('./command/paper.ts'),
  },
  {
    name: 'approximate',
    summary: 'error of VLP, PWL, Taylor and others on a nonlinear function, over ranges or input by input',
    load: () => import('./command/approximate.ts'),
  },
  {
    name: 'lut',
    summary: 'the look-up table of a function, for $readmemh, C or as JSON',
    load: () => import('./command/lut.ts'),
  },
  {
    name: 'simulate',
    summary: 'the Mugi node cycle by cycle: results, cycles, activity, pictures, traces',
    load: () => import('./command/simulate.ts'),
  },
  {
    name: 'rtl',
    summary: "the Mugi node's Verilog",
    load: () => import('./command/rtl.ts'),
  },
  {
    name: 'synth',
    summary: "area, timing, leakage and switching energy of the node from mugi's own synthesis",
    load: () => import('./command/synth.ts'),
  },
  {
    name: 'accuracy',
    summary: 'perplexity and fidelity of a real model under approximate nonlinear functions and INT4',
    load: () => import('./command/accuracy.ts'),
  },
  {
    name: 'profile',
    summary: 'distributions of values and exponents that nonlinear functions see in a real model',
    load: () => import('./command/profile.ts'),
  },
  {
    name: 'tune',
    summary: 'choose LUT windows automatically from one calibration pass',
    load: () => import('./command/tune.ts'),
  },
  {
    name: 'sums',
    summary: 'what BF16 sums, and each repair of them, cost a model at growing contexts',
    load: () => import('./command/sums.ts'),
  },
  {
    name: 'mask',
    summary: 'the mask experiment: an additive FP16 mask against a boolean one under VLP softmax',
    load: () => import('./command/mask.ts'),
  },
  {
    name: 'generate',
    summary: 'text from a real model under the chosen arithmetic, streamed',
    load: () => import('./command/generate.ts'),
  },
  {
    name: 'completion',
    summary: 'a script by which bash, zsh or fish completes commands, flags and their values',
    load: () => import('./command/completion.ts'),
  },
];

/** Runs the CLI on `args` (without node and script); sets the exit status, never throws, never exits. */
export async function run(args: readonly string[]): Promise<void> {
  // A reader that closes early (`mugi … | head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`mugi: cannot write to standard output (${error.code ?? error.message})\n`);
    process.exit(1);
  });
  announceInterrupts();
  let root: Command | undefined;
  try {
    root = await program(args);
    await root.parseAsync([...args], { from: 'user' });
  } catch (error) {
    const command = root?.commands.find((candidate) => candidate.name() === args[0]);
    report(withDashes(error, command), args.includes('--json'), statusOf(args));
  }
}

/** The program with the command that `args` names loaded; all others stand in the help by name only. */
async function program(args: readonly string[]): Promise<Command> {
  const root = new Command('mugi')
    .description(
      'What does my model gain on a value-level-parallel accelerator (speed, energy, area, carbon), and what accuracy does it cost?',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .showHelpAfterError(false);
  const wanted = args.find((arg) => !arg.startsWith('-'));
  const asked = wanted === 'help' ? args[args.indexOf('help') + 1] : wanted;
  for (const entry of COMMANDS) {
    if (entry.name === asked) (await entry.load()).define(root, COMMANDS);
    else root.command(entry.name).description(entry.summary);
  }
  for (const command of root.commands) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  if (wanted !== undefined && wanted !== 'help' && !COMMANDS.some(({ name }) => name === wanted)) {
    const names = COMMANDS.map(({ name }) => name);
    throw new MugiError({
      code: 'unknown-name',
      message: `unknown command "${wanted}"`,
      expected: `one of ${names.join(', ')}`,
      received: wanted,
      nearest: nearest(wanted, names),
    });
  }
  return root;
}

/** The status of a mistake. */
const statusOf = (args: readonly string[]): number =>
  COMMANDS.find(({ name }) => name === args.find((arg) => !arg.startsWith('-')))?.failure ?? 1;

function report(error: unknown, json: boolean, status: number): void {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return;
    // A bare `mugi` shows the help, which is on stdout already.
    if (error.code === 'commander.help') {
      process.exitCode = 1;
      return;
    }
    print(
      new MugiError({ code: 'invalid-value', message: error.message.replace(/^error: /, '') }).details,
      json,
    );
  } else if (error instanceof MugiError) {
    print(error.details, json);
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`mugi: internal error, please report it:\n${printableText(cut(text, 3000))}\n`);
    process.exitCode = 70;
    return;
  }
  process.exitCode = status;
}

function print(details: MugiError['details'], json: boolean): void {
  if (json) {
    process.stderr.write(`${printableJson({ error: details })}\n`);
    return;
  }
  const { path, message } = details;
  // Messages about an option often begin with it.
  const place = path === undefined || path === '' || message.startsWith(`${path} `) ? '' : `${path}: `;
  const lines = [`mugi: ${place}${message}`];
  if (details.expected !== undefined) lines.push(`  expected: ${details.expected}`);
  if (details.received !== undefined) lines.push(`  received: ${details.received}`);
  if (details.nearest !== undefined) lines.push(`  did you mean: ${details.nearest}`);
  process.stderr.write(`${lines.join('\n')}\n`);
}
