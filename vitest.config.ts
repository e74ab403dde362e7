import { defineConfig } from 'vitest/config';

/** Folders of `test/` whose tests talk to real servers on loopback, in one process. */
const WIRE = [
  'agent',
  'aws',
  'bench',
  'cli',
  'deploy',
  'doctor',
  'iam',
  'journal',
  'lambda',
  'probe',
  'publish',
  'route53',
  'sandbox',
  'sources',
  'state',
  'watch',
];

/** Folders whose tests run the whole worker, or what is built of it. */
const END_TO_END = ['browser', 'container', 'end-to-end', 'outages', 'package', 'serverless', 'simulation'];

const testsOf = (folders: readonly string[]) => folders.map((folder) => `test/${folder}/**/*.test.ts`);

/** Wherever they stand, tests of the built command in a process of its own. */
const PROCESSES = 'test/**/process.test.ts';

export default defineConfig({
  test: {
    // The default leaves one of two cores idle.
    maxWorkers: 2,
    coverage: {
      include: ['src/**'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: {
        'src/model/**': { branches: 100, functions: 100, lines: 100 },
        'src/plan/**': { branches: 100, functions: 100, lines: 100 },
      },
    },
    // A net for what hangs, so wide that no load on the machine reaches it.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    teardownTimeout: 600_000,
    expect: { poll: { timeout: 600_000, interval: 5 } },
    isolate: false,
    // None listens at addresses that another may have.
    setupFiles: ['test/refuse-unclaimed.ts'],
    // The SDK's notice about Node 20 would come once a file.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...testsOf([...WIRE, ...END_TO_END]), PROCESSES],
          alias: [
            { find: /^@aws-sdk\/.*/, replacement: new URL('test/no-sdk.ts', import.meta.url).pathname },
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'wire',
          include: testsOf(WIRE),
          exclude: [PROCESSES],
          // No test stops a task unless it says so.
          setupFiles: ['test/stopped-tasks.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'end-to-end',
          include: [...testsOf(END_TO_END), PROCESSES],
          setupFiles: ['test/stopped-tasks.ts'],
        },
      },
    ],
  },
});
