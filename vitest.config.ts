import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'samples/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What is waited for comes soon; on a busy machine not within a second.
    expect: { poll: { interval: 20, timeout: 8000 } },
    pool: 'threads',
    maxWorkers: 2,
  },
});
