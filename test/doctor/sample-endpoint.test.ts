import { expect, test } from 'vitest';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import { predecessorFleet } from '../../src/sandbox/fleet/predecessors.ts';
import { addService, listen, newFleet, serve } from '../end-to-end/support.ts';
import { OWN_BLOCK } from '../own-block.ts';
import { examine, twoClusters } from './support.ts';

/** The first machine's. */
const HOST = `127.${OWN_BLOCK}.0.1`;

test.each<{ what: string; behaviour: Behaviour; args?: readonly string[]; says: RegExp }>([
  {
    what: 'an address that may not be probed',
    behaviour: { kind: 'healthy' },
    args: ['--health-allow', '10.0.0.0/8'],
    says: new RegExp(
      `^fail: ${HOST}:\\d+ \\(_blue\\._tcp\\): address-not-allowed.* → add a range with ${HOST} to health\\.allow$`,
    ),
  },
  {
    what: 'a connection that is refused',
    behaviour: { kind: 'refuse' },
    says: /connection-refused \(ECONNREFUSED\), and none of 1 more.* → see whether the process.* listens/,
  },
  {
    what: 'a container that never answers',
    behaviour: { kind: 'hang' },
    args: ['--health-timeout', '100ms'],
    says: /: timeout.* → let the containers' security group admit this machine at port \d+, and check the route/,
  },
  {
    what: 'a path that is not there',
    behaviour: { kind: 'healthy', path: '/ping' },
    says: /http-status \(404\).* → set health\.path \(now \/health\)/,
  },
  {
    what: 'a connection that is cut',
    behaviour: { kind: 'reset' },
    says: new RegExp(`connection-reset.* → see what \`ecs-dns check ${HOST}:\\d+\` meets$`),
  },
  {
    what: 'a service that speaks no TLS',
    behaviour: { kind: 'healthy' },
    args: ['--health-kind', 'https'],
    says: /: (?:tls|connection-reset).* → /,
  },
])('$what', async ({ behaviour, args = [], says }) => {
  const server = await serve((await twoClusters(behaviour)).world);
  const { failed, of } = await examine(server, args);
  expect(failed).toEqual(['sample-endpoint']);
  expect(of('sample-endpoint')).toMatch(says);
});

test('one service that is down is no failure while another one answers', async () => {
  const fleet = newFleet();
  const [down] = addService(fleet, '_a-down._tcp', { live: 1 }).live;
  if (down === undefined) throw new TypeError('a service needs a member');
  fleet.behave(down, { kind: 'refuse' });
  addService(fleet, '_b-up._tcp', { live: 1 });
  await listen(fleet);

  const { failed, of } = await examine(await serve(fleet.world));

  expect(failed).toEqual([]);
  expect(of('sample-endpoint')).toMatch(/\(_b-up\._tcp\) answers$/);
});

test('without health checks nothing is probed', async () => {
  const { failed, of } = await examine(await serve((await twoClusters()).world), ['--no-health-enabled']);
  expect(failed).toEqual([]);
  expect(of('sample-endpoint')).toBe('skip: health.enabled is false: nothing is probed');
});

test('where nothing runs there is nothing to probe', async () => {
  const { failed, of } = await examine(await serve(newFleet().world));
  expect(failed).toEqual([]);
  expect(of('sample-endpoint')).toBe('skip: no running endpoint with a name and an address was seen');
});

test('a fleet whose tasks have names for their addresses alone is sampled as well', async () => {
  const fleet = predecessorFleet('label-agent', { block: OWN_BLOCK });
  await listen(fleet);

  const { failed, of } = await examine(await serve(fleet.world));

  expect(failed).toEqual([]);
  expect(of('sample-endpoint')).toMatch(/^ok: 127\.\d+\.\d+\.\d+:\d+ \([\w-]+\) answers$/);
});
