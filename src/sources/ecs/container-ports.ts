import type { NetworkBinding, PortMapping } from '@aws-sdk/client-ecs';

/** A port at which a container is reached, and the one at which it listens. */
export interface Port {
  readonly port: number;
  readonly containerPort: number;
  readonly protocol: 'tcp' | 'udp';
}

/** The ports of network bindings; bindings of one port to an IPv4 and an IPv6 address are one port. */
export function boundPorts(bindings: readonly NetworkBinding[]): readonly Port[] {
  return distinct(bindings.flatMap(expandBinding));
}

/** The ports that a task definition maps, for a container that has them on an interface of its own. */
export function mappedPorts(mappings: readonly PortMapping[]): readonly Port[] {
  return distinct(mappings.flatMap(expandMapping));
}

function distinct(ports: readonly Port[]): readonly Port[] {
  if (ports.length < 2) return ports;
  return [...new Map(ports.map((port) => [`${port.port}/${port.protocol}`, port])).values()];
}

function expandBinding(binding: NetworkBinding): readonly Port[] {
  const protocol = binding.protocol === 'udp' ? 'udp' : 'tcp';
  if (binding.hostPort !== undefined && binding.hostPort !== 0) {
    return [{ port: binding.hostPort, containerPort: binding.containerPort ?? binding.hostPort, protocol }];
  }
  const [host, container] = [portRange(binding.hostPortRange), portRange(binding.containerPortRange)];
  return host.flatMap((port, i) => {
    const containerPort = container[i];
    return containerPort === undefined ? [] : [{ port, containerPort, protocol }];
  });
}

function expandMapping(mapping: PortMapping): readonly Port[] {
  const protocol = mapping.protocol === 'udp' ? 'udp' : 'tcp';
  const ports =
    mapping.containerPort === undefined ? portRange(mapping.containerPortRange) : [mapping.containerPort];
  return ports.map((port) => ({ port, containerPort: port, protocol }));
}

const PORT_RANGE = /^(\d{1,5})-(\d{1,5})$/;
const MAX_PORT = 65_535;

/** The ports of a range such as `8000-8010`, both ends included; none for anything else. */
function portRange(range: string | undefined): readonly number[] {
  const ends = PORT_RANGE.exec(range ?? '');
  if (ends === null) return [];
  const [first, last] = [Number(ends[1]), Math.min(Number(ends[2]), MAX_PORT)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}
