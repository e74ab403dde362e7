import { expect, test } from 'vitest';
import { invocationOf } from '../../src/cli/invocation.ts';

test.each([
  [undefined, {}, 'ecs-dns'],
  [['node', '/usr/local/bin/ecs-dns'], {}, 'ecs-dns'],
  [['node', '/srv/app/node_modules/.bin/ecs-dns'], { npm_command: 'exec' }, 'npx ecs-dns-reconciler'],
  [['node', '/srv/app/dist/cli.js'], {}, 'node dist/cli.js'],
  [['node', '/srv/app/dist/cli.js'], { npm_command: 'start' }, 'node dist/cli.js'],
  [['node', '/srv/other dir/cli.js'], {}, "node '../other dir/cli.js'"],
])('%j with %j is run again as %s', (argv, env, command) => {
  expect(invocationOf({ argv, env }, '/srv/app')).toBe(command);
});
