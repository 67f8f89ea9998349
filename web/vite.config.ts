import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The studio: static files with relative addresses, so that any folder of any host can hold them. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: './',
  build: {
    outDir: fileURLToPath(new URL('../dist/studio', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // A data: address of a script would need a laxer content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  plugins: [
    {
      name: 'no-node',
      enforce: 'pre',
      resolveId(id, importer) {
        if (id.startsWith('node:')) throw new Error(`${importer} imports ${id}, which no browser has`);
      },
    },
  ],
});
