import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    // Sources, tests and example plugins import the package by its name, as its users do.
    alias: [
      { find: /^seekeeper\/client$/, replacement: here('./src/network/index.ts') },
      { find: /^seekeeper\/testing$/, replacement: here('./src/testing/index.ts') },
      { find: /^seekeeper$/, replacement: here('./src/plugins/api/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'plugins-examples/**/*.test.ts'],
    typecheck: { include: ['src/**/*.test-d.ts'], ignoreSourceErrors: true },
    testTimeout: 90_000,
    hookTimeout: 90_000,
    retry: 0,
    reporters: ['default', './scripts/counts-reporter.ts'],
    sequence: { shuffle: true },
  },
});
