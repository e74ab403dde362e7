import type { Report } from '../report/report-schema.ts';
import { checkExpectations } from './fleet/check-expectations.ts';
import { checkRegistered } from './fleet/check-registered.ts';
import type { Fleet } from './fleet/generate-fleet.ts';
import type { OpenSandbox } from './open-sandbox.ts';
import type { Opening } from './stories.ts';

export type Policy = 'prune' | 'sync';

/** Nothing of the sandbox may ever be mistaken for an account. */
export const CREDENTIALS = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };

/** What there is when the sandbox opens. */
export function openingOf({ fleet: { world, zone }, url, listening }: OpenSandbox): Opening {
  return {
    url,
    listening,
    clusters: world.clusters.size,
    instances: world.machines.size,
    tasks: [...world.clusters.values()].reduce((sum, cluster) => sum + cluster.tasks.size, 0),
    balancers: world.loadBalancers.size,
    zone: zone.name,
    recordSets: zone.list().length,
  };
}

/** The variables that point a tool made with an AWS SDK at the sandbox. */
export function variablesOf(
  { fleet, url }: Pick<OpenSandbox, 'fleet' | 'url'>,
  policy: Policy,
): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: fleet.world.region,
    // The AWS CLI reads this one, and the SDK for JavaScript the other.
    AWS_DEFAULT_REGION: fleet.world.region,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    ECS_DNS_ZONE: fleet.zone.name.replace(/\.$/, ''),
    ECS_DNS_HEALTH_ALLOW: '127.0.0.0/8',
    ...(policy === 'sync' ? { ECS_DNS_POLICY: policy, ECS_DNS_CNAME: 'true' } : {}),
  };
}

/** What a newcomer types to reach the sandbox from another terminal; `command` is what runs this program again. */
export function directionsOf(sandbox: OpenSandbox, policy: Policy, command: string): string {
  const variables = Object.entries(variablesOf(sandbox, policy));
  return [
    'In another terminal:',
    '',
    ...variables.map(([name, value]) => `export ${name}=${value}`),
    `export QUEUE_URL=${sandbox.queueUrl}`,
    ...serverVariables(sandbox),
    '',
    `Then run: ${command} plan`,
    'Or act on events of ECS, which come through a queue:',
    '',
    `  ${command} watch --events "$QUEUE_URL"`,
    '',
    ...nameDirections(sandbox),
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

function serverVariables({ nameServer }: OpenSandbox): readonly string[] {
  return nameServer === undefined ? [] : [`export DNS_SERVER=${nameServer.address}:${nameServer.port}`];
}

function nameDirections({ fleet, nameServer }: OpenSandbox): readonly string[] {
  if (nameServer === undefined) return [];
  const { address, publicAddress, port } = nameServer;
  const { name, type } = sampleOf(fleet);
  return [
    `Names are answered as in the VPC, and at ${publicAddress} as outside of it:`,
    '',
    `  dig @${address} -p ${port} ${type} ${name}`,
    '',
  ];
}

/** A name with an answer: a service that is well where the zone has one. */
function sampleOf({ planted, zone }: Fleet): { readonly name: string; readonly type: string } {
  const live = new Set(planted.filter(({ expected }) => expected === 'live').map(({ name }) => name));
  const sets = zone.list().filter(({ Name }) => Name !== zone.name);
  const set = sets.find(({ Name, Type }) => Type === 'SRV' && live.has(Name)) ?? sets[0];
  return { name: set?.Name ?? zone.name, type: set?.Type ?? 'SOA' };
}

/** The defaults, but for loopback addresses and for endpoints that hang, which would only make the sample wait. */
export function flagsOf({ fleet, listening }: OpenSandbox, policy: Policy): Readonly<Record<string, string>> {
  return {
    '--zone': fleet.zone.name,
    ...(policy === 'sync' ? { '--policy': policy, '--cname': 'true' } : {}),
    '--health-allow': '127.0.0.0/8',
    '--health-timeout': '1s',
    '--health-interval': '200ms',
    '--health-enabled': String(listening > 0),
    // What it removes is gone with it.
    '--journal': 'none',
  };
}

/** What was found otherwise than the fleet knows it to be, a line each. */
export function surprisesOf(fleet: Fleet, policy: Policy, plan: Report, again: Report): readonly string[] {
  const found = checkExpectations(fleet.planted, plan);
  if (policy === 'prune') return found;
  // Of what other people keep, nothing may have changed.
  return [...found, ...checkExpectations(fleet.planted, again), ...checkRegistered(fleet, again)];
}
