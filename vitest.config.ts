import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/closing-line.ts'],
    // Test files run beside one another.
    env: { MUGI_THREADS: '1' },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
