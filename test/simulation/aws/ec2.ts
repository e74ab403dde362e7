import type { EC2Client } from '@aws-sdk/client-ec2';
import { ec2Service } from '../../../src/sandbox/ec2/ec2-service.ts';
import type { Json } from '../../../src/sandbox/service.ts';
import { type Ec2Api, ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import { machinesAsOf } from './as-of.ts';
import { type Asked, sdkClient } from './sdk-client.ts';
import type { Session } from './session.ts';

/** EC2 documents 200; failures were seen at exactly 200. */
const FILTER_LIMIT = 199;

/** EC2 as one run meets it: what it describes is current, or some seconds old. */
export function ec2Of(session: Session): Ec2Api {
  const client = sdkClient(session, ec2Service, (asked) => answer(asked, session));
  return ec2Api(client as unknown as EC2Client);
}

function answer({ operation, input, call, carryOut }: Asked, session: Session): Json {
  const { world } = session;
  if (operation === 'ec2:DescribeVpcs') return carryOut(machinesAsOf(world, world.now));
  const [{ Values = [] } = {}] = input['Filters'] as readonly { readonly Values?: readonly string[] }[];
  if (Values.length === 0 || Values.length > FILTER_LIMIT)
    session.onLimit(`${operation}: ${Values.length} filter values`);
  const late = session.meets('late', operation, call) ? session.chance(call, 50) * 5_000 : 0;
  const { NextToken: token, ...whole } = input;
  // All pages are of one listing: a machine that ends in between moves no other one out of it.
  const [start, asOf] = readToken(token) ?? [0, world.now - late];
  const output = carryOut(machinesAsOf(world, asOf), whole);
  const field = operation === 'ec2:DescribeInstances' ? 'Reservations' : 'NetworkInterfaces';
  const read = field === 'Reservations' ? withAllAddressesOfHosts : withAllAddresses;
  return page((output[field] as readonly Json[]).map(read));

  // EC2 takes no page size below five, and here are hardly more machines than that: pages are cut by hand.
  function page(all: readonly Json[]): Json {
    const isFirst = token === undefined;
    if (isFirst && session.meets('empty', operation, call)) return {};
    const end = start + world.history.setup.pageSize;
    const items = { [field]: all.slice(start, end) };
    if (end >= all.length || session.meets('truncate', operation, call)) return items;
    const isStuck = !isFirst && session.meets('same-token', operation, call);
    return { ...items, NextToken: isStuck ? token : `at ${end} of ${asOf}` };
  }
}

function withAllAddressesOfHosts(reservation: Json): Json {
  const instances = reservation['Instances'] as readonly Json[];
  const Instances = instances.map((instance) => ({
    ...instance,
    NetworkInterfaces: (instance['NetworkInterfaces'] as readonly Json[]).map(withAllAddresses),
  }));
  return { ...reservation, Instances };
}

/** The sandbox puts the addresses of an interface together only when it writes its answer. */
function withAllAddresses(one: Json): Json {
  const second = one['SecondaryAddresses'] as readonly string[];
  return { ...one, PrivateIpAddresses: second.map((PrivateIpAddress) => ({ PrivateIpAddress })) };
}

/** Where a page begins, and the time that its listing is of. */
function readToken(token: unknown): readonly [start: number, asOf: number] | undefined {
  const [, start, asOf] = /^at (\d+) of (-?[\d.]+)$/.exec(String(token)) ?? [];
  return start === undefined ? undefined : [Number(start), Number(asOf)];
}
