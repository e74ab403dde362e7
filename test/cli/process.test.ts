import { describe, expect, test } from 'vitest';
import { addService, cliEnv, listen, newFleet, runCli, serve, ZONE_NAME } from '../end-to-end/support.ts';

const APPLY = ['apply', '--yes', '--zone', ZONE_NAME];
const PROBED = [...APPLY, '--health-allow', '127.0.0.0/8'];

function fleetWithStale() {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  return { fleet, live, before: fleet.zone.list() };
}

describe('SIGTERM in the middle of a run', () => {
  test('while AWS does not answer ends it with 1, and nothing is changed', async () => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);
    const args = [...APPLY, '--no-health-enabled'];

    const { code, stdout, stderr } = await runCli(args, cliEnv(server.url), (child) => {
      const when = () => child.kill('SIGTERM');
      server.addFault({ operation: 'ecs:DescribeTasks', when, effect: { kind: 'hang' } });
    });

    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'ecs-dns: stopped\n' });
    expect(fleet.zone.list()).toEqual(before);
  });

  test('while containers do not answer ends it with 1, and nothing is changed', async () => {
    const { fleet, live, before } = fleetWithStale();
    for (const member of live) fleet.behave(member, { kind: 'hang' });
    const [probed] = live;
    if (probed === undefined) throw new TypeError('too few containers');
    const containers = await listen(fleet);
    const server = await serve(fleet.world);
    const isProbed = () => containers.connections(probed.address, probed.port) > 0;

    const run = runCli([...PROBED, '--health-timeout', '1h'], cliEnv(server.url), (child) => {
      void expect
        .poll(isProbed)
        .toBe(true)
        .finally(() => child.kill('SIGTERM'));
    });

    expect(await run).toEqual({ code: 1, stdout: '', stderr: 'ecs-dns: stopped\n' });
    expect(isProbed()).toBe(true);
    expect(server.counts()).not.toHaveProperty('route53:ChangeResourceRecordSets');
    expect(fleet.zone.list()).toEqual(before);
  });
});

test('a reader that goes away early, such as head, is no error', async () => {
  const { fleet } = fleetWithStale();
  const server = await serve(fleet.world);
  const args = ['plan', '--all', '--zone', ZONE_NAME, '--no-health-enabled'];

  const { code, stderr } = await runCli(args, cliEnv(server.url), (child) => child.stdout?.destroy());

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});
