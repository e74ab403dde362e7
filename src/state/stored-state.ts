import { z } from 'zod';
import type { SeenHost } from '../model/run-state.ts';
import type { ZoneState, ZoneStates } from '../model/zone-states.ts';

const VERSION = 3;

const count = z.int().min(0);
const time = count;
const byKey = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const optional = z.string().nullable();

/** Tuples, because a large fleet has thousands of them. */
const storedZone = z.object({
  /** `<container id> <port>/<protocol>`: how often in a row it failed, and passed since. */
  health: byKey(z.tuple([count, count])),
  /** By the key of a container: the area of its cluster. */
  containers: byKey(z.string()).default({}),
  /** When, how many as stale, how many as unhealthy. */
  removals: z.array(z.tuple([time, count, count])),
  staleSince: byKey(time),
  running: z.object({ tasks: byKey(count), shrunkSince: time.nullable() }).nullable(),
  lastRun: z.object({ id: z.string(), startedAt: time, finishedAt: time }).nullable(),
  /** A digest. */
  concerns: z.string().optional(),
});

const stored = z.object({
  version: z.literal(VERSION),
  /** Instance id, cluster ARN, when it was seen, address, VPC. */
  hosts: byKey(z.tuple([z.string(), z.string(), time, optional, optional])),
  /** By the id of the zone. */
  zones: byKey(storedZone),
});

type StoredZone = z.infer<typeof storedZone>;
type Stored = z.infer<typeof stored>;

/** The form in which states are stored, whatever store has them: one JSON document. */
export function encodeStates({ hosts, zones }: ZoneStates): string {
  const document: Stored = {
    version: VERSION,
    hosts: recordOf(hosts, hostTuple),
    zones: recordOf(zones, encodeZone),
  };
  return JSON.stringify(document);
}

/** Reads the stored form; throws for anything else. */
export function decodeStates(text: string): ZoneStates {
  const { hosts, zones } = stored.parse(JSON.parse(text));
  return { hosts: mapOf(hosts, seenHost), zones: mapOf(zones, decodeZone) };
}

function encodeZone(zone: ZoneState): StoredZone {
  const { health, containers, removals, staleSince, running, lastRun, concerns } = zone;
  return {
    health: recordOf(health, ({ failing, passing }) => [failing, passing]),
    containers: recordOf(containers, (area) => area),
    removals: removals.map(({ at, stale, unhealthy }) => [at, stale, unhealthy]),
    staleSince: recordOf(staleSince, (since) => since),
    running:
      running === undefined
        ? null
        : { tasks: recordOf(running.tasks, (tasks) => tasks), shrunkSince: running.shrunkSince ?? null },
    lastRun: lastRun ?? null,
    ...(concerns === undefined ? {} : { concerns }),
  };
}

function decodeZone(zone: StoredZone): ZoneState {
  const { health, containers, removals, staleSince, running, lastRun, concerns } = zone;
  return {
    health: mapOf(health, ([failing, passing]) => ({ failing, passing })),
    containers: mapOf(containers, (area) => area),
    removals: removals.map(([at, stale, unhealthy]) => ({ at, stale, unhealthy })),
    staleSince: mapOf(staleSince, (since) => since),
    running:
      running === null
        ? undefined
        : {
            tasks: mapOf(running.tasks, (tasks) => tasks),
            shrunkSince: running.shrunkSince ?? undefined,
          },
    lastRun: lastRun ?? undefined,
    ...(concerns === undefined ? {} : { concerns }),
  };
}

type HostTuple = Stored['hosts'][string];

function hostTuple({ instanceId, clusterArn, seenAt, address, vpcId }: SeenHost): HostTuple {
  return [instanceId, clusterArn, seenAt, address ?? null, vpcId ?? null];
}

function seenHost([instanceId, clusterArn, seenAt, address, vpcId]: HostTuple): SeenHost {
  return { instanceId, clusterArn, seenAt, address: address ?? undefined, vpcId: vpcId ?? undefined };
}

function recordOf<T, S>(map: ReadonlyMap<string, T>, encode: (value: T) => S): Record<string, S> {
  return Object.fromEntries([...map].map(([key, value]) => [key, encode(value)]));
}

function mapOf<S, T>(record: Readonly<Record<string, S>>, decode: (value: S) => T): ReadonlyMap<string, T> {
  return new Map(Object.entries(record).map(([key, value]) => [key, decode(value)]));
}
