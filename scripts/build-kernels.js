// Compiles src/kernel/assembly/ to src/kernel/build/{plain,relaxed}.wasm. Does nothing when both are up to date, so
// that it can run before every test and after every install.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = join(root, 'src/kernel/assembly');
const build = join(root, 'src/kernel/build');
// A published package has the compiled kernels and neither their sources nor a compiler.
if (!existsSync(sources)) process.exit(0);
const compiler = join(root, 'node_modules/assemblyscript/package.json');
if (!existsSync(compiler)) {
  console.error(
    'build-kernels: no AssemblyScript compiler (installed without development dependencies); skipped',
  );
  process.exit(0);
}

/** The memory is shared and imported: threads meet in it, and JavaScript decides how large it is. */
const common = [
  '-O3',
  '--converge',
  '--runtime',
  'stub',
  '--noAssert',
  '--importMemory',
  '--sharedMemory',
].concat(['--initialMemory', '1', '--maximumMemory', '65536', '--enable', 'simd,threads']);
const builds = { plain: common, relaxed: [...common, '--enable', 'relaxed-simd'] };

const hash = createHash('sha256');
for (const name of readdirSync(sources).sort()) hash.update(name).update(readFileSync(join(sources, name)));
hash.update(readFileSync(fileURLToPath(import.meta.url)));
hash.update(readFileSync(compiler));
const digest = hash.digest('hex');
const stamp = join(build, 'stamp');
const current =
  existsSync(stamp) &&
  readFileSync(stamp, 'utf8') === digest &&
  Object.keys(builds).every((name) => existsSync(join(build, `${name}.wasm`)));

if (!current) {
  const { default: asc } = await import('assemblyscript/asc');
  mkdirSync(build, { recursive: true });
  for (const [name, options] of Object.entries(builds)) {
    // Written aside and renamed, so that a process that loads kernels meanwhile never reads half a file.
    const aside = `${name}.${process.pid}.tmp`;
    const { error, stderr } = await asc.main(
      ['index.ts', '--baseDir', sources, '--outFile', join(build, aside), ...options],
      {},
    );
    if (error) {
      console.error(`${stderr.toString()}\nbuild-kernels: ${error.message}`);
      process.exit(1);
    }
    renameSync(join(build, aside), join(build, `${name}.wasm`));
  }
  writeFileSync(stamp, digest);
}
