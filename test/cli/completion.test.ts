import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/main.ts';
import { MODELS } from '../../src/workload/models.ts';
import { commandLine, outputOf } from '../record/run.ts';

const outer = mkdtempSync(join(tmpdir(), 'mugi-completion-'));
afterAll(() => rmSync(outer, { recursive: true }));
const folder = join(outer, 'here');
mkdirSync(join(folder, 'some folder'), { recursive: true });
writeFileSync(join(folder, 'some file'), '');

const scripts: Record<string, string> = {};
beforeAll(async () => {
  const run = await commandLine(process.cwd());
  for (const shell of ['bash', 'zsh', 'fish']) scripts[shell] = await outputOf(run, ['completion', shell]);
  writeFileSync(join(outer, 'mugi.bash'), scripts.bash);
});

/** Runs lines of bash behind the script, as a shell that a user opens would have it. */
function bash(lines: string): string {
  const { stdout, stderr, status } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-c', `source ../mugi.bash\n${lines}`],
    {
      cwd: folder,
      encoding: 'utf8',
    },
  );
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

/** What bash offers for the last word of each line, a blank behind it standing for a word that is still empty. */
function offered(...lines: string[]): string[][] {
  const calls = lines.map((line) => {
    // As bash splits a line for completion: an equals sign is a word.
    const words = line.split(/ |(=)/).filter((word) => word !== undefined);
    if (line.endsWith('=')) words.pop();
    return `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _mugi; printf '%s\\t' "\${COMPREPLY[@]}"; echo`;
  });
  const answers = bash(calls.join('\n'));
  return answers
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => line.split('\t').filter((word) => word !== ''));
}

describe('mugi completion bash, in bash', () => {
  it('completes the commands', () => {
    const [all, some] = offered('mugi ', 'mugi comp');
    expect(all.toSorted()).toEqual(
      [...COMMANDS.map(({ name }) => name), 'help', '--help', '--version'].toSorted(),
    );
    expect(some).toEqual(['compare', 'completion']);
    expect(offered('mugi help ru', 'mugi help sy')).toEqual([[], ['synth']]);
  });

  it('completes the flags of every command, all of them and no others', async () => {
    const flags = await Promise.all(
      COMMANDS.map(async ({ load }) => {
        const program = new Command();
        (await load()).define(program, COMMANDS);
        return [...program.commands[0].options.map(({ long }) => long!), '--help'];
      }),
    );
    expect(offered(...COMMANDS.map(({ name }) => `mugi ${name} -`))).toEqual(flags);
  });

  it('completes values that are one of a list, behind a blank and behind an equals sign', () => {
    expect(offered('mugi compare --preset ', 'mugi compare --preset=co', 'mugi compare --preset=')).toEqual([
      ['as-published', 'corrected'],
      ['corrected'],
      ['as-published', 'corrected'],
    ]);
    const llama = MODELS.map(({ name }) => name).filter((name) => name.startsWith('llama-'));
    expect(offered('mugi evaluate --batch 8 --model llama-')).toEqual([llama]);
    expect(offered('mugi evaluate --why energy_g')).toEqual([['energy_gemm_J']]);
  });

  it('completes lists behind their last comma', () => {
    expect(offered('mugi compare --with fill-drain,ban', 'mugi accuracy --method pw')).toEqual([
      ['fill-drain,bandwidth'],
      ['pwl', 'pwl-fair'],
    ]);
    expect(
      offered(
        'mugi sweep --technology published,op',
        'mugi sweep --model whisper-tiny,llama-2-7',
        'mugi explore --model whisper-tiny,llama-2-7',
        'mugi explore --designs tensor,mugi-l-1',
      ),
    ).toEqual([
      ['published,open-45'],
      ['whisper-tiny,llama-2-7b', 'whisper-tiny,llama-2-70b', 'whisper-tiny,llama-2-70b-mha'],
      ['whisper-tiny,llama-2-7b', 'whisper-tiny,llama-2-70b', 'whisper-tiny,llama-2-70b-mha'],
      ['tensor,mugi-l-16', 'tensor,mugi-l-128'],
    ]);
  });

  it('completes arguments where they stand, whatever flags are between', () => {
    expect(offered('mugi lut --mantissa 3 sil', 'mugi lut --mantissa=3 sil', 'mugi lut --json sil')).toEqual([
      ['silu'],
      ['silu'],
      ['silu'],
    ]);
    expect(offered('mugi designs tensor mugi-l-1')).toEqual([['mugi-l-16', 'mugi-l-128']]);
    const [behind] = offered('mugi lut silu ');
    expect(behind).toContain('--window');
    expect(behind).not.toContain('silu');
    expect(offered('mugi completion ')).toEqual([['bash', 'zsh', 'fish']]);
  });

  it('takes a value that may be left out for a value or for the next flag', () => {
    expect(offered('mugi compare --accuracy mugi-tiny-', 'mugi compare --accuracy --cs')).toEqual([
      ['mugi-tiny-4k', 'mugi-tiny-gelu'],
      ['--csv'],
    ]);
  });

  it('leaves files to bash, names with blanks included, and offers folders alone where a folder is due', () => {
    expect(offered('mugi simulate gemm --input som', 'mugi synth --liberty a.lib som')).toEqual([[], []]);
    for (const flag of [
      'paper --out',
      'export --out',
      'explore --store',
      'explore --plots',
      'explore --yaml',
    ])
      expect(offered(`mugi ${flag} som`), flag).toEqual([['some folder']]);
    expect(offered('mugi explore sh', 'mugi explore som', 'mugi explore show som')).toEqual([
      ['show'],
      [],
      [],
    ]);
    expect(bash('complete -p mugi')).toBe('complete -o default -F _mugi mugi\n');
  });

  it('runs nothing of what was typed', () => {
    const typed = '$(touch ran)';
    expect(offered(`mugi compare --model ${typed.replace(' ', '${IFS}')}`, `mugi ${typed}`)).toEqual([
      [],
      [],
    ]);
    expect(bash('ls')).toBe('some file\nsome folder\n');
  });
});

describe('mugi completion', () => {
  it('gives every shell all commands, flags and words', async () => {
    const run = await commandLine(process.cwd());
    const { commands } = JSON.parse(await outputOf(run, ['completion', 'bash', '--json'])) as {
      commands: {
        name: string;
        flags: { name: string; value?: { words: string[] } }[];
        arguments: { words: string[] }[];
      }[];
    };
    expect(commands.map(({ name }) => name)).toEqual(COMMANDS.map(({ name }) => name));
    const words = new Set<string>();
    for (const command of commands) {
      for (const { name, value } of command.flags) {
        words.add(name.slice(2));
        for (const word of value?.words ?? []) words.add(word);
      }
      for (const { words: own } of command.arguments) for (const word of own) words.add(word);
    }
    expect(words.size).toBeGreaterThan(200);
    for (const [shell, script] of Object.entries(scripts)) {
      const held = new Set(script.split(/[^\w.@+-]+|--|(?<= )-l /));
      expect([...words].filter((word) => !held.has(word), shell)).toEqual([]);
    }
    // No word means anything to a shell.
    expect([...words].filter((word) => !/^[\w.@+-]+$/.test(word))).toEqual([]);
  });

  it('writes scripts that are whole: quotes closed, blocks ended', () => {
    for (const shell of ['bash', 'zsh']) {
      // zsh has the syntax of bash in all that its script uses.
      const { status, stderr } = spawnSync('bash', ['-n'], { input: scripts[shell], encoding: 'utf8' });
      expect([shell, status, stderr]).toEqual([shell, 0, '']);
    }
    const wrong = scripts.fish
      .split('\n')
      .filter(
        (line) =>
          line !== '' && !/^#|^(complete -c mugi)( -\w| -?[\w-]+| '(\\.|[^'\\])*'| "[^"]*")*$/.test(line),
      );
    expect(wrong).toEqual([]);
  });

  it('refuses another shell', async () => {
    const run = await commandLine(process.cwd());
    await expect(outputOf(run, ['completion', 'fisch'])).rejects.toThrow('did you mean: fish');
  });
});
