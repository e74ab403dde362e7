import { describe, expect, it } from 'vitest';
import type { Inspection } from '../../../src/sources/docker/engine-api.ts';
import { publishedPorts } from '../../../src/sources/docker/published-ports.ts';

const PORT_80 = { port: 1080, containerPort: 80, protocol: 'tcp' };

function bound(...bindings: readonly (readonly [ip: string, port: string])[]): Inspection {
  const list = bindings.map(([HostIp, HostPort]) => ({ HostIp, HostPort }));
  return { NetworkSettings: { Ports: { '80/tcp': list } } };
}

describe('the ports of a container', () => {
  it.each<[string, Inspection, readonly object[]]>([
    ['bound to all addresses', bound(['0.0.0.0', '1080'], ['::', '1080']), [PORT_80]],
    ['bound to an address that podman leaves empty', bound(['', '1080']), [PORT_80]],
    ['bound to one of IPv4 and another of IPv6', bound(['0.0.0.0', '1080'], ['::', '1081']), [PORT_80]],
    ['bound by IPv6 alone', bound(['::', '1080']), [PORT_80]],
    ['bound to loopback', bound(['127.0.0.1', '1080'], ['::1', '1080']), []],
    ['bound to no port that can be', bound(['0.0.0.0', '0'], ['0.0.0.0', 'x']), []],
    ['bound twice', bound(['10.0.0.1', '1080'], ['10.0.0.2', '1081']), [PORT_80, { ...PORT_80, port: 1081 }]],
    ['exposed, and not bound', { NetworkSettings: { Ports: { '80/tcp': null } } }, []],
    [
      'over UDP, and over a protocol that is neither',
      {
        NetworkSettings: {
          Ports: { '53/udp': [{ HostPort: '1053' }], '54/sctp': [{ HostPort: '1054' }] },
        },
      },
      [{ port: 1053, containerPort: 53, protocol: 'udp' }],
    ],
    [
      'in the network of the host, as its image exposes them',
      { HostConfig: { NetworkMode: 'host' }, Config: { ExposedPorts: { '80/tcp': {} } } },
      [{ ...PORT_80, port: 80 }],
    ],
    [
      '… as it is started with them',
      {
        HostConfig: { NetworkMode: 'host', PortBindings: { '81/tcp': [] } },
        Config: { ExposedPorts: { '80/tcp': {}, '81/tcp': {} } },
      },
      [{ port: 81, containerPort: 81, protocol: 'tcp' }],
    ],
    ['of which nothing is said', {}, []],
  ])('%s', (_, inspection, expected) => {
    expect(publishedPorts(inspection, '10.0.0.1')).toEqual(expected);
  });

  it('on loopback are reached where the host itself is there', () => {
    expect(publishedPorts(bound(['127.0.0.1', '1080']), '127.0.9.1')).toEqual([PORT_80]);
  });
});
