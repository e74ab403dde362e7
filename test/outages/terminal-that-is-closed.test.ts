import type { ChildProcess } from 'node:child_process';
import { expect, test } from 'vitest';
import { addService, cliEnv, newFleet, runCli, serve, without, ZONE_NAME } from '../end-to-end/support.ts';

const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];

/** Two stale entries, and a `DescribeTasks` at which the test does something. */
async function fleetThatIsRead(act: (child: ChildProcess) => void, args: readonly string[]) {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const before = fleet.zone.list();
  const server = await serve(fleet.world);
  const result = await runCli([...args, ...ARGS], cliEnv(server.url), (child) => {
    const effect = { kind: 'before', before: () => act(child) } as const;
    server.addFault({ operation: 'ecs:DescribeTasks', times: 1, effect });
  });
  return { zone: fleet.zone, staleSets, before, result };
}

test('watch finishes the run under way when its terminal is closed, and ends with 0', async () => {
  const { zone, staleSets, before, result } = await fleetThatIsRead(
    // The shell sends the signal to its jobs, and the kernel once more when the shell has ended.
    (child) => void (child.kill('SIGHUP') && setImmediate(() => child.kill('SIGHUP'))),
    ['watch', '--every', '1h', '--grace', '10m'],
  );

  expect(result.code).toBe(0);
  expect(result.stderr).toContain(' stopping after 10m at the latest;');
  expect(result.stderr).toContain(' run 2 removals; ');
  expect(zone.list()).toEqual(without(before, staleSets));
});

test.each([['apply', '--yes'], ['plan']])('%s is stopped by it in good order', async (...args) => {
  const { zone, before, result } = await fleetThatIsRead((child) => void child.kill('SIGHUP'), args);

  expect(result).toEqual({ code: 1, stdout: '', stderr: 'ecs-dns: stopped\n' });
  expect(zone.list()).toEqual(before);
});
