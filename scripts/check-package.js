// Packs this clone, installs the tarball into an empty project as a user would, and tries all of it: size, the binary,
// the types of every door, and the doors in a browser's bundle. Part of continuous integration; needs the registry.
// usage: node scripts/check-package.js [NODE], another Node that the binary is also run on
import { execFileSync, spawnSync } from 'node:child_process';
import { builtinModules } from 'node:module';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('..', import.meta.url));
const project = mkdtempSync(join(tmpdir(), 'mugi-package-'));
process.on('exit', () => rmSync(project, { recursive: true, force: true }));

/** Of a production install, the optional Yosys left out. */
const MOST_MEGABYTES = 60;
const MOST_PACKAGES = 120;

const COMMANDS = [
  'compare --designs mugi-256,sa-16',
  'evaluate --design mugi-256',
  'models llama-2-70b',
  'designs',
  'approximate exp',
  'lut exp',
  'simulate softmax',
  'paper fig8 --out figures',
  'paper fig6 --tokens 64',
  'accuracy --tokens 64 --plot accuracy.png',
  'profile --tokens 64',
  'tune --tokens 64',
  'mask --tokens 64',
  'generate --prompt The --max-tokens 8',
  'rtl --design mugi-8 --out verilog',
];

/** What a program imports from each door. */
const USES = {
  mugi: "import { type Metrics, evaluatePoint, metrics } from 'mugi';\nexport const m: Metrics = metrics(evaluatePoint({ design: 'mugi-256', model: 'llama-2-70b' }));",
  'mugi/vlp':
    "import { bf16, gemm, vlp } from 'mugi/vlp';\nexport const third: number = bf16.round(1 / 3);\nexport { gemm, vlp };",
  'mugi/hardware':
    "import { module, nodeModule, simulate, verilog } from 'mugi/hardware';\nexport const files: number = verilog(nodeModule(8)).length;\nexport { module, simulate };",
  'mugi/models':
    "import { type OpenedModel, openModel } from 'mugi/models';\nexport const opened: Promise<OpenedModel> = openModel('mugi-tiny');",
  'mugi/kernels':
    "import { type KernelOptions, loadKernels } from 'mugi/kernels';\nexport { type KernelOptions, loadKernels };",
};

const failures = [];
const check = (what, good, detail = '') => {
  console.log(`${good ? 'ok  ' : 'FAIL'} ${what}${detail === '' ? '' : `: ${detail}`}`);
  if (!good) failures.push(what);
};

const npm = (cwd, ...args) => execFileSync('npm', args, { cwd, encoding: 'utf8' });
const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', project));
writeFileSync(join(project, 'package.json'), '{ "name": "user", "version": "1.0.0", "type": "module" }\n');
const { stderr: warnings } = spawnSync(
  'npm',
  ['install', '--no-audit', '--no-fund', '--loglevel=warn', `./${filename}`],
  { cwd: project, encoding: 'utf8' },
);
// npm asks about "prepare" of a tarball, which it does not ask of a package from the registry, and runs for neither.
const surprising = warnings
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('npm warn install-scripts'))
  .join('\n');
check('npm install warns of nothing', surprising === '', surprising);

const size = (path) => {
  const stat = lstatSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0);
};
const megabytes = size(join(project, 'node_modules')) / 1e6;
check(
  `the install has less than ${MOST_MEGABYTES} MB`,
  megabytes < MOST_MEGABYTES,
  `${megabytes.toFixed(1)} MB`,
);
const installed = Object.keys(
  JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')).packages,
).length;
check(`the install has less than ${MOST_PACKAGES} packages`, installed < MOST_PACKAGES, `${installed}`);

const binary = join(project, 'node_modules/mugi/bin/mugi.js');
const environment = { ...process.env, MUGI_CACHE: join(project, 'cache') };
const mugi = (command, node = process.execPath) =>
  spawnSync(node, [binary, ...command.split(' ')], {
    cwd: project,
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64e6,
  });
for (const node of new Set([process.execPath, ...process.argv.slice(2)])) {
  const { stdout: name } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  for (const command of COMMANDS) {
    const { status, stdout, stderr } = mugi(command, node);
    const quiet = !stderr.includes('Warning');
    const good = status === 0 && stdout.length > 0 && quiet;
    check(`${name.trim()}: mugi ${command}`, good, good ? '' : stderr.slice(0, 300));
  }
}
const synth = mugi('synth --design mugi-8');
check(
  'mugi synth says what to install where Yosys is missing',
  synth.status === 1 && synth.stderr.includes('npm install @yowasp/yosys'),
);
const mcp = mugi('mcp');
check(
  'mugi mcp says what to install where the SDK is missing',
  mcp.status === 1 && mcp.stderr.includes('npm install @modelcontextprotocol/server'),
  mcp.stderr.slice(0, 300),
);

for (const [i, source] of Object.values(USES).entries())
  writeFileSync(join(project, `use-${i}.ts`), `${source}\n`);
const compilerOptions = {
  target: 'es2023',
  lib: ['es2023', 'dom'],
  module: 'nodenext',
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  types: [],
};
writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['use-*.ts'] }));
const types = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project], { encoding: 'utf8' });
check(
  'a TypeScript program against the types of every door',
  types.status === 0,
  types.stdout.slice(0, 2000),
);

for (const [i, door] of Object.keys(USES).entries()) {
  if (!['mugi', 'mugi/vlp', 'mugi/hardware'].includes(door)) continue;
  const foreign = new Set();
  const bundle = await rolldown({
    input: join(project, `use-${i}.ts`),
    cwd: project,
    platform: 'browser',
    external: (id) =>
      (id.startsWith('node:') || builtinModules.includes(id)) && foreign.add(id) !== undefined,
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const kilobytes = (output[0].code.length / 1000).toFixed(0);
  check(`${door} in a browser's bundle`, foreign.size === 0, [...foreign].join(', ') || `${kilobytes} kB`);
}

console.log(failures.length === 0 ? 'the package works' : `${failures.length} checks of the package failed`);
process.exitCode = failures.length === 0 ? 0 : 1;
