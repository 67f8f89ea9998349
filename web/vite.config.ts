import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { STUDIO_DATA } from '../src/accuracy/data/studio-data.ts';
import { docsSite } from './docs/site.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Modules that reach for the machine, and what stands for them in the worker that runs real models. */
const REPLACED = new Map(
  [
    ['../src/files/asset.ts', './measure/asset.ts'],
    ['../src/files/state.ts', './measure/state.ts'],
    ['../src/files/unpacked-asset.ts', './measure/unpacked-asset.ts'],
    ['../src/kernel/node.ts', './measure/kernels.ts'],
  ].map(([from, to]) => [here(from), here(to)]),
);

const platform: Plugin = {
  name: 'platform',
  enforce: 'pre',
  async resolveId(id, importer) {
    if (id.startsWith('node:')) return here('./measure/platform.ts');
    if (!id.endsWith('.ts')) return null;
    const found = await this.resolve(id, importer, { skipSelf: true });
    return found === null ? null : (REPLACED.get(found.id) ?? found);
  },
};

/** The studio: static files with relative addresses, so that any folder of any host can hold them. */
export default defineConfig({
  root: here('.'),
  base: './',
  build: {
    outDir: here('../dist/studio'),
    emptyOutDir: true,
    target: 'es2023',
    // A data: address of a script would need a laxer content security policy.
    assetsInlineLimit: 0,
    // Chunks name each other alone, so that one file can hold them all.
    modulePreload: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  // One file each: workers have no import map.
  worker: {
    format: 'iife',
    plugins: () => [platform],
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  plugins: [
    {
      name: 'data',
      generateBundle() {
        for (const [fileName, make] of STUDIO_DATA)
          this.emitFile({ type: 'asset', fileName, source: make() });
        for (const [fileName, source] of docsSite(here('..')))
          this.emitFile({ type: 'asset', fileName, source });
      },
    },
    {
      name: 'no-node',
      enforce: 'pre',
      resolveId(id, importer) {
        if (id.startsWith('node:')) throw new Error(`${importer} imports ${id}, which no browser has`);
      },
    },
  ],
});
