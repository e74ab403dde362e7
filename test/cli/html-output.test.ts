import { describe, expect, test } from 'vitest';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { runHere } from './support.ts';

const ENV = { ECS_DNS_ZONE: ZONE_NAME, ECS_DNS_HEALTH_ENABLED: 'false', ECS_DNS_OUTPUT: 'html' };

async function serveFleet() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  return serve(fleet.world);
}

test.each([
  { args: ['plan'], says: 'A run would remove 2 entries.' },
  { args: ['apply', '--yes'], says: 'The run was to remove 2 entries: 2 changes applied' },
])('$args prints one page, and nothing else', async ({ args, says }) => {
  const server = await serveFleet();

  const { code, stdout, stderr } = await runHere(args, server.url, { env: ENV });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(stdout).toContain(says);
});

describe('a command that prints no page says so before AWS is asked', () => {
  test.each(['check 127.0.0.1:1', 'doctor', 'watch', 'agent'])('%s', async (command) => {
    const server = await serveFleet();
    const [name = ''] = command.split(' ');

    const { code, stdout, stderr } = await runHere(command.split(' '), server.url, { env: ENV });

    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `ecs-dns: output: "html" is no form that ${name} prints; write text or json\n`,
    });
    expect(server.log).toEqual([]);
  });
});
