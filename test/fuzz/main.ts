// npm run fuzz -- --seed 1 --inputs 200000 [--from N] [--only "safetensors,GGUF"]
import { parseArgs } from 'node:util';
import { type Fault, fuzz } from './fuzz.ts';
import { TARGETS } from './targets/index.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    inputs: { type: 'string', default: '20000' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
  },
});
const [seed, inputs, from] = [values.seed, values.inputs, values.from].map(Number);
const names = TARGETS.map(({ name }) => name);
if (![seed, inputs, from].every((value) => Number.isInteger(value) && value >= 0)) {
  console.error('--seed, --inputs and --from are whole numbers');
  process.exit(1);
}
const only = values.only?.split(',').map((name) => name.trim());
if (only?.some((name) => !names.includes(name)) === true) {
  console.error(`--only takes names of ${names.join(', ')}`);
  process.exit(1);
}
const asked = values.only === undefined ? '' : ` --only "${values.only}"`;
let done = 0;
const { tallies, faults } = await fuzz({
  seed,
  inputs,
  from,
  only,
  onReport: () => {
    if (++done % 5000 === 0) console.error(`${done} of ${inputs}`);
  },
});
console.log('reader                 tried  accepted  refused');
for (const [name, { tried, accepted, refused }] of [...tallies].sort()) {
  console.log(
    `${name.padEnd(20)} ${String(tried).padStart(7)} ${String(accepted).padStart(9)} ${String(refused).padStart(8)}`,
  );
}
/** The first of each kind, by the place in the code that it comes from. */
const kinds = new Map<string, Fault & { times: number }>();
for (const fault of faults) {
  const kind =
    `${fault.target}: ${fault.why.replaceAll(/\d+/g, '#').split('\n').slice(0, 2).join(' ')}`.slice(0, 160);
  const known = kinds.get(kind);
  if (known === undefined) kinds.set(kind, { ...fault, times: 1 });
  else known.times += 1;
}
for (const { target, index, why, times } of kinds.values()) {
  console.log(
    `\n${target}, ${times} times; npm run fuzz -- --seed ${seed} --inputs 1 --from ${index}${asked}\n${why}`,
  );
}
console.log(`\n${inputs} inputs, seed ${seed}: ${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
