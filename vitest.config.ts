import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // No test stops a task unless it says so.
    setupFiles: ['test/stopped-tasks.ts'],
    testTimeout: 30_000,
    // The default leaves one of two cores idle.
    maxWorkers: 2,
    // The SDK's notice about Node 20 would come once a file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    coverage: {
      include: ['src/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        'src/model/**': { branches: 100, functions: 100, lines: 100 },
        'src/plan/**': { branches: 100, functions: 100, lines: 100 },
      },
    },
  },
});
