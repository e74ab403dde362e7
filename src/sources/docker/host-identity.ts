import { isIPv4 } from 'node:net';
import { normalizeName } from '../../model/dns-name.ts';
import { RunError } from '../../model/run-error.ts';
import { isHostName } from '../../model/set-identifier.ts';
import { within } from './within.ts';

/** What the host is called, and where it is. */
export interface HostIdentity {
  /** Normalised; in set identifiers and SRV targets it stands so. */
  readonly hostName: string;
  readonly address: string;
}

/** What the settings say of it; the rest is asked of EC2. */
export interface GivenIdentity {
  readonly hostname?: string | undefined;
  readonly address?: string | undefined;
}

/** A set identifier has 128 characters, of which a container id takes 64 and the colon one. */
const MAX_HOST_NAME = 63;

/**
 * The identity of this host: of the settings, or else of the instance metadata service. `hostname` there has several
 * names where the DHCP options have several domains; host agents take the first. Throws a `RunError` that says what to
 * set.
 */
export async function findHostIdentity(
  { hostname, address }: GivenIdentity,
  metadata: MetadataService,
  signal: AbortSignal | undefined,
): Promise<HostIdentity> {
  const ask = async (path: string, given: string | undefined, flag: string) => {
    if (given !== undefined) return given;
    try {
      return await metadata(path, signal);
    } catch (error) {
      signal?.throwIfAborted();
      const text = error instanceof Error ? error.message : String(error);
      const hops = 'a container needs its metadata hop limit at 2, or the network of the host';
      throw new RunError(
        'host',
        `${flag}: it is not set, and the instance metadata service does not tell it (${text}): set it; on EC2 ${hops}`,
        error,
      );
    }
  };
  const told = await ask('hostname', hostname, '--hostname');
  const place = (await ask('local-ipv4', address, '--agent-address')).trim();
  const hostName = normalizeName(told.trim().split(/\s+/)[0] ?? '');
  if (!isHostName(hostName) || hostName.length > MAX_HOST_NAME || hostName === 'ecs-dns') {
    throw new RunError(
      'host',
      `--hostname: ${JSON.stringify(hostName)} is not valid; write a host name of at most ${MAX_HOST_NAME} characters such as ip-10-0-1-2.ec2.internal`,
    );
  }
  if (!isIPv4(place))
    throw new RunError(
      'host',
      `--agent-address: ${JSON.stringify(place)} is not valid; write an IPv4 address`,
    );
  return { hostName, address: place };
}

/** Reads a path below `/latest/meta-data/`. */
export type MetadataService = (path: string, signal: AbortSignal | undefined) => Promise<string>;

const LIMIT_MS = 2_000;
const TOKEN_SECONDS = '60';

/** EC2's instance metadata service, version 2. Source: Amazon EC2 User Guide, "Use IMDSv2". */
export function instanceMetadata(env: Readonly<Record<string, string | undefined>>): MetadataService {
  const base = env['AWS_EC2_METADATA_SERVICE_ENDPOINT'] || 'http://169.254.169.254';
  const root = base.replace(/\/+$/, '');
  return async (path, signal) => {
    if (env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true')
      throw new Error('AWS_EC2_METADATA_DISABLED is set');
    return within(LIMIT_MS, signal, async (limit) => {
      const seconds = { 'x-aws-ec2-metadata-token-ttl-seconds': TOKEN_SECONDS };
      const asked = { method: 'PUT', headers: seconds, signal: limit };
      const token = await textOf(await fetch(`${root}/latest/api/token`, asked));
      const headers = { 'x-aws-ec2-metadata-token': token };
      return textOf(await fetch(`${root}/latest/meta-data/${path}`, { headers, signal: limit }));
    });
  };
}

async function textOf(answer: Response): Promise<string> {
  const text = await answer.text();
  if (!answer.ok) throw new Error(`it answers ${answer.status}`);
  return text;
}
