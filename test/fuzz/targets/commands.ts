import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WorkState } from '../../../src/files/state.ts';
import { lookup } from '../../../src/hardware/liberty/library.ts';
import { clockEnergy, edgeEnergy, stoppedEnergy } from '../../../src/hardware/synthesis/internal-energy.ts';
import { readLiberty } from '../../../src/hardware/liberty/read.ts';
import { replyTo } from '../../../src/cli/serve/reply.ts';
import { planFrom } from '../../../src/cli/source/space.ts';
import { Space } from '../../../src/explore/space/space.ts';
import { FILES } from '../../../src/source/index.ts';
import { commandLine } from '../command-line.ts';
import { mutateBytes, mutateJson, mutateText } from '../mutate.ts';
import { expectFinite, unfit, WrongResult } from '../outcome.ts';
import * as seeds from '../seeds/commands.ts';
import { once, type Target } from './target.ts';

const liberty = once(seeds.liberty);

/** Readers of what commands are told and keep, and of cell libraries. */
export const COMMANDS: readonly Target[] = [
  {
    name: 'space of designs',
    weight: 8,
    try(dice, folder) {
      const path = join(folder, 'space.yaml');
      writeFileSync(path, mutateText(dice.pick(seeds.SPACES), dice));
      expectFinite([new Space(planFrom(path, {})).size], 'points of a space');
    },
  },
  {
    name: 'line of a server',
    weight: 8,
    try(dice) {
      const reply = replyTo(mutateJson(dice.pick(seeds.LINES), dice), 1, {
        sources: FILES,
        full: dice.chance(0.2),
      });
      if (reply.includes('"code":"internal"')) throw new WrongResult(reply.slice(0, 600));
      const wrong = unfit(reply);
      if (wrong !== undefined) throw new WrongResult(`a reply with ${wrong}`);
    },
  },
  {
    name: 'simulate --input',
    weight: 5,
    try(dice, folder) {
      const path = join(folder, 'input.json');
      writeFileSync(path, mutateJson(seeds.INPUT, dice));
      return commandLine(['simulate', dice.pick(['softmax', 'silu', 'exp']), '--input', path, '--json']);
    },
  },
  {
    name: 'state file',
    weight: 5,
    try(dice, folder) {
      const state = new WorkState<unknown>('fuzz', true, folder);
      state.set('0', [{ blocks: [{ loss: 1.5, kl: Number.NaN }], inputs: 3 }]);
      const bytes = readFileSync(state.path);
      const changed = mutateBytes(bytes, dice);
      writeFileSync(state.path, changed);
      const resumed = new WorkState('fuzz', false, folder).resumed;
      if (resumed > 0 && Buffer.compare(bytes, changed) !== 0) {
        throw new WrongResult('a state file that was changed is taken up');
      }
    },
  },
  {
    name: 'Liberty',
    weight: 10,
    try(dice) {
      const library = readLiberty(mutateText(liberty(), dice), 'fuzz.lib');
      for (const cell of library.cells.values()) {
        expectFinite([cell.area, cell.leakage, clockEnergy(cell)], `a cost of ${cell.name}`);
        for (const { name, capacitance, rise, fall } of cell.pins) {
          expectFinite([capacitance, rise, fall], 'a capacitance');
          expectFinite([edgeEnergy(cell, name), stoppedEnergy(cell, name)], 'an energy');
        }
        for (const { rise, fall } of cell.setups) {
          for (const table of [rise, fall]) {
            if (table !== undefined) expectFinite([lookup(table, 0.05, 0.05)], 'a setup time');
          }
        }
        for (const { rise, fall, riseSlew, fallSlew } of cell.arcs) {
          for (const table of [rise, fall, riseSlew, fallSlew]) {
            if (table !== undefined) expectFinite([lookup(table, 0.05, 5)], 'a table');
          }
        }
      }
    },
  },
  {
    name: 'command line',
    weight: 3,
    try(dice) {
      const commands = [
        [
          'compare',
          '--designs',
          'mugi-256,sa-16',
          '--model',
          'llama-2-7b',
          '--batch',
          '4',
          '--context',
          '512',
        ],
        ['evaluate', '--design', 'mugi-256', '--model', 'llama-2-7b', '--why', 'tokens_per_s'],
        ['models', 'llama-2-7b', '--context', '1024'],
        ['designs', 'mugi-256', '--json'],
        ['lut', 'exp', '--window=-3..4', '--format', 'c'],
        ['approximate', 'exp', '--x=-0.7', '--method', 'vlp'],
        ['paper', 'table3', '--json'],
        ['simulate', 'silu', '--m', '8', '--n', '8', '--design', 'mugi-8'],
      ];
      const args = dice
        .pick(commands)
        .map((arg) => (dice.chance(0.25) ? mutateText(arg, dice).slice(0, 300) : arg));
      // Neither files of this machine nor results of these names are meant.
      return args.some((arg) => /^[-/.~]*$|[/\\\0]|^--(out|html|plots?|svg|trace)/.test(arg))
        ? undefined
        : commandLine(args);
    },
  },
];
