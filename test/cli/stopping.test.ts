import { expect, test } from 'vitest';
import { addService, listen, newFleet, serve, srvSet, ZONE_NAME } from '../end-to-end/support.ts';
import { stopsTasks } from '../stopped-tasks.ts';
import { type FakeTerminal, runHere } from './support.ts';

const STOP = 'ecs:StopTask';
const ALL = ['stdin', 'stdout', 'stderr'] as const;
const ARGS = [
  '--zone',
  ZONE_NAME,
  '--health-allow',
  '127.0.0.0/8',
  '--health-attempts',
  '1',
  '--health-timeout',
  '5s',
];
const ON = ['--stop-unhealthy-tasks', 'true'];

/** Four healthy containers, and one that fails and is out of DNS; with something to remove, if that is asked for. */
async function commandOnFleet({ stale = 0 } = {}) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 5, stale });
  const [failing] = live;
  if (failing === undefined) throw new TypeError('too few containers');
  fleet.behave(failing, { kind: 'status', status: 503 });
  fleet.zone.delete(srvSet(fleet, '_orders._tcp', failing));
  await listen(fleet);
  const server = await serve(fleet.world);
  const ecsDns = (args: readonly string[], fake: FakeTerminal = {}) =>
    runHere([...args, ...ARGS], server.url, fake);
  return { server, task: failing.task, ecsDns };
}

test('apply lists what it would stop, asks, and stops it on yes', async () => {
  stopsTasks();
  const { server, task, ecsDns } = await commandOnFleet({ stale: 1 });

  const { code, stdout, stderr } = await ecsDns(['apply', ...ON], {
    tty: ALL,
    onQuestion: (type) => type('y\n'),
  });

  expect(code).toBe(0);
  expect(stderr).toContain('To stop: 1 task.');
  expect(stderr).toContain(`Remove 1 entry from ${ZONE_NAME} and stop 1 task? [y/N]`);
  expect(stdout).toContain('Stopped: 1 task.');
  expect(server.counts()[STOP]).toBe(1);
  expect(task.desiredStatus).toBe('STOPPED');
});

test('a no keeps the task, even where it is all that there is to do', async () => {
  const { server, ecsDns } = await commandOnFleet();

  const { code, stdout, stderr } = await ecsDns(['apply', ...ON], {
    tty: ALL,
    onQuestion: (type) => type('n\n'),
  });

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('\nStop 1 task? [y/N]');
  expect(stderr).toMatch(/cancelled, nothing was changed\n$/);
  expect(server.counts()).not.toHaveProperty(STOP);
});

test('plan says what would be stopped, and that counts as a change', async () => {
  const { server, ecsDns } = await commandOnFleet();

  const { code, stdout } = await ecsDns(['plan', '--detailed-exitcode', ...ON]);

  expect(code).toBe(2);
  expect(stdout).toContain('To stop: 1 task.');
  expect(server.counts()).not.toHaveProperty(STOP);
});

test('without the setting nobody is asked anything, and nothing is stopped', async () => {
  const { server, ecsDns } = await commandOnFleet();

  const { code, stdout, stderr } = await ecsDns(['apply'], { tty: ALL });

  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('[y/N]') });
  expect(stdout).toContain('Nothing to remove.');
  expect(server.counts()).not.toHaveProperty(STOP);
});
