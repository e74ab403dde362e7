import { z } from 'zod';
import type { RunState, SeenHost } from '../model/run-state.ts';

const VERSION = 2;

const count = z.int().min(0);
const time = count;
const byKey = <T extends z.ZodType>(value: T) => z.record(z.string(), value);
const optional = z.string().nullable();

/** Tuples, because a large fleet has thousands of them. */
const stored = z.object({
  version: z.literal(VERSION),
  /** `<container id> <port>/<protocol>`: how often in a row it failed, and passed since. */
  health: byKey(z.tuple([count, count])),
  /** Instance id, cluster ARN, when it was seen, address, VPC. */
  hosts: byKey(z.tuple([z.string(), z.string(), time, optional, optional])),
  /** When, how many as stale, how many as unhealthy. */
  removals: z.array(z.tuple([time, count, count])),
  staleSince: byKey(time),
  running: z.object({ tasks: byKey(count), shrunkSince: time.nullable() }).nullable(),
  lastRun: z.object({ id: z.string(), startedAt: time, finishedAt: time }).nullable(),
});

type Stored = z.infer<typeof stored>;

/** The form in which a state is stored, whatever store has it: one JSON document. */
export function encodeState({ health, hosts, removals, staleSince, running, lastRun }: RunState): string {
  const document: Stored = {
    version: VERSION,
    health: recordOf(health, ({ failing, passing }) => [failing, passing]),
    hosts: recordOf(hosts, hostTuple),
    removals: removals.map(({ at, stale, unhealthy }) => [at, stale, unhealthy]),
    staleSince: recordOf(staleSince, (since) => since),
    running:
      running === undefined
        ? null
        : { tasks: recordOf(running.tasks, (tasks) => tasks), shrunkSince: running.shrunkSince ?? null },
    lastRun: lastRun ?? null,
  };
  return JSON.stringify(document);
}

/** Reads the stored form; throws for anything else. */
export function decodeState(text: string): RunState {
  const { health, hosts, removals, staleSince, running, lastRun } = stored.parse(JSON.parse(text));
  return {
    health: mapOf(health, ([failing, passing]) => ({ failing, passing })),
    hosts: mapOf(hosts, seenHost),
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
