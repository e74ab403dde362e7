import { expect, it } from 'vitest';
import type { Container } from '../../../src/model/inventory.ts';
import {
  agentSet,
  container,
  endpoint,
  firstMatch,
  host,
  hostName,
  inventory,
  MANAGE_ZONE,
  simpleSet,
  srvValue,
} from '../support.ts';

const ADDRESS = '10.0.0.1';
const LONG = '2001:db8::1';
const ENDED = agentSet({ owner: 99 });

/** A task of Fargate without ports, at the address where another task was. */
function portless(over: Partial<Container> = {}): Container {
  return container(1, {
    host: undefined,
    serviceNames: [],
    reachedAt: [hostName(1), ADDRESS],
    networkInterface: { id: 'eni-1', address: ADDRESS, ipv6: undefined },
    ...over,
  });
}

it('what its address led to before is no task any more', () => {
  const known = inventory([], { containers: [portless()] });
  expect(firstMatch([ENDED], known)).toMatchObject({
    kind: 'no-task-on-host',
    location: { state: 'present', instanceId: undefined, address: ADDRESS },
  });
});

it('the same of an address of IPv6', () => {
  const networkInterface = { id: 'eni-1', address: undefined, ipv6: LONG };
  const known = inventory([], { containers: [portless({ reachedAt: [LONG], networkInterface })] });
  expect(firstMatch([simpleSet([srvValue({ target: LONG })])], known, MANAGE_ZONE)).toMatchObject({
    kind: 'no-task-on-host',
    location: { address: LONG },
  });
});

it.each<[string, Partial<Container>]>([
  ['it has stopped', { phase: 'stopped' }],
  ['its host is no more', { host: host(2, { state: 'gone' }) }],
  ['its address is that of its host', { networkInterface: undefined }],
])('says nothing where %s', (_, over) => {
  const known = inventory([], { containers: [portless(over)], hosts: [] });
  expect(firstMatch([ENDED], known)).toMatchObject({ kind: 'host-unknown' });
});

it('is not asked for where another container of the task has ports', () => {
  const sidecar = portless({ id: undefined, name: 'log-router' });
  const app = endpoint(portless({ serviceNames: ['_time._tcp'] }), {
    serviceName: '_time._tcp',
    hostNames: [hostName(1)],
    address: ADDRESS,
    port: 9,
  });
  const known = inventory([app], { containers: [app.container, sidecar] });
  expect(firstMatch([ENDED], known)).toMatchObject({
    kind: 'no-task-on-host',
    clusters: [app.container.cluster],
  });
});
