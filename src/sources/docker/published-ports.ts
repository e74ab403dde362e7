import { isIP } from 'node:net';
import type { Port } from '../ecs/container-ports.ts';
import type { Inspection, PortBinding } from './engine-api.ts';

const PORT_KEY = /^(\d{1,5})\/(tcp|udp)$/;
const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/;

/**
 * The ports at which a container is reached at the address of its host (canonical).
 *
 * | network of the container | its ports                                                         |
 * |--------------------------|-------------------------------------------------------------------|
 * | that of the host         | those that it is started with, or else those that its image exposes |
 * | that of another container, or none | none: it has the other's, or a network interface of its own |
 * | anything else            | those that the engine binds; one of IPv4 counts before one of IPv6, and none on loopback alone |
 */
export function publishedPorts(inspection: Inspection, hostAddress: string): readonly Port[] {
  const { HostConfig, NetworkSettings, Config } = inspection;
  if (HostConfig?.NetworkMode === 'host') {
    const started = Object.keys(HostConfig.PortBindings ?? {});
    return (started.length > 0 ? started : Object.keys(Config?.ExposedPorts ?? {})).flatMap(hostPort);
  }
  const ports = Object.entries(NetworkSettings?.Ports ?? {}).flatMap(([key, bindings]) =>
    boundPort(key, bindings ?? [], hostAddress),
  );
  return ports.toSorted((a, b) => a.containerPort - b.containerPort || a.port - b.port);
}

function hostPort(key: string): readonly Port[] {
  const [, containerPort, protocol] = PORT_KEY.exec(key) ?? [];
  const port = Number(containerPort);
  return containerPort === undefined ? [] : [{ port, containerPort: port, protocol: protocolOf(protocol) }];
}

function boundPort(key: string, bindings: readonly PortBinding[], hostAddress: string): readonly Port[] {
  const [, containerPort, protocol] = PORT_KEY.exec(key) ?? [];
  if (containerPort === undefined) return [];
  const reached = bindings.filter(({ HostIp = '' }) => isReached(HostIp, hostAddress));
  const short = reached.filter(({ HostIp = '' }) => isIP(HostIp) !== 6);
  const numbers = new Set((short.length > 0 ? short : reached).map(({ HostPort }) => Number(HostPort)));
  return [...numbers]
    .filter((port) => Number.isInteger(port) && port > 0)
    .map((port) => ({ port, containerPort: Number(containerPort), protocol: protocolOf(protocol) }));
}

/** What is bound to loopback is reached by no client, unless that is where the host itself is said to be. */
function isReached(bound: string, hostAddress: string): boolean {
  return !LOOPBACK.test(bound) || LOOPBACK.test(hostAddress);
}

function protocolOf(text: string | undefined): Port['protocol'] {
  return text === 'udp' ? 'udp' : 'tcp';
}
