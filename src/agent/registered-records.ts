import { createdSets } from '../model/change.ts';
import { normalizeName } from '../model/dns-name.ts';
import type { Container, Endpoint } from '../model/inventory.ts';
import type { RecordSet } from '../model/record-set.ts';
import { registrationKey } from '../model/registration.ts';
import { parseSetIdentifier } from '../model/set-identifier.ts';
import type { RunResult } from '../run/run.ts';

/** A container under a name whose record another tool has taken out. */
export interface TakenOut {
  readonly key: string;
  readonly name: string;
  readonly container: Container;
  /** The port that the record led to; `undefined` of an address. */
  readonly endpoint: Endpoint | undefined;
}

/** What the agent has seen registered, for as long as the containers run. */
export interface RegisteredRecords {
  /** What gets no record in a pass, by `registrationKey`; one over all of the zone puts back what it finds missing. */
  readonly except: (isFull: boolean) => ReadonlySet<string>;
  /** A container has started or died: what was known of it is past. */
  readonly forget: (containerId: string) => void;
  /** Learns from a pass; of one over all of the zone it gives back what is missing again, and is to be asked how it is. */
  readonly observe: (result: RunResult, isFull: boolean) => readonly TakenOut[];
  /** How what is missing has answered; true where it may come back. */
  readonly answered: (taken: TakenOut, isHealthy: boolean) => boolean;
}

interface Registered {
  /** Whether it was put back before: what goes again is meant to be out. */
  readonly wasPutBack: boolean;
  /** Whether it has failed its check since. */
  readonly hasFailed: boolean;
}

/**
 * Remembers what was registered, so that the agent and a worker do not undo each other's work for ever. Bounded by what
 * runs.
 *
 * | the record was taken out by another tool | it comes back                                          |
 * |------------------------------------------|--------------------------------------------------------|
 * | for the first time                       | with the next pass over all of the zone                |
 * | again                                    | once its check passes, having failed; or its container starts anew |
 * | with all that the zone had of the host   | as if for the first time: no operator has meant it     |
 */
export function createRegisteredRecords(): RegisteredRecords {
  const known = new Map<string, Registered>();
  return {
    except: (isFull) =>
      new Set([...known].flatMap(([key, { wasPutBack }]) => (!isFull || wasPutBack ? [key] : []))),
    forget: (containerId) => {
      const start = registrationKey(containerId, '');
      for (const key of known.keys()) if (key.startsWith(start)) known.delete(key);
    },
    observe: (result, isFull) => {
      if (isFull && isUnknownHost(result)) known.clear();
      const there = keysOf(setsThere(result));
      for (const key of keysOf(setsCreated(result, 'already-done'))) there.add(key);
      for (const key of there) known.set(key, known.get(key) ?? FIRST);
      for (const key of keysOf(setsCreated(result, 'applied'))) {
        known.set(key, { wasPutBack: known.has(key), hasFailed: false });
        there.add(key);
      }
      if (!isFull) return [];
      const running = runningRecords(result);
      for (const key of known.keys()) if (!running.has(key)) known.delete(key);
      return [...known.keys()].flatMap((key) => (there.has(key) ? [] : (running.get(key) ?? [])));
    },
    answered: ({ key }, isHealthy) => {
      const before = known.get(key);
      if (before === undefined || (isHealthy && !before.hasFailed)) return false;
      if (isHealthy) known.set(key, FIRST);
      else known.set(key, { ...before, hasFailed: true });
      return isHealthy;
    },
  };
}

const FIRST: Registered = { wasPutBack: false, hasFailed: false };

/** Whether the zone had nothing at all of the host. */
function isUnknownHost({ plan }: RunResult): boolean {
  return plan.judgements.every(({ verdict }) => verdict === 'foreign');
}

function setsThere({ plan }: RunResult): readonly RecordSet[] {
  return plan.judgements.flatMap(({ verdict, entry }) =>
    verdict === 'foreign' || verdict === 'stale' ? [] : [entry.recordSet],
  );
}

function setsCreated(
  { plan, outcomes }: RunResult,
  status: 'applied' | 'already-done',
): readonly RecordSet[] {
  return plan.groups
    .filter(({ key, changes }) => outcomes?.get(key)?.status === status && changes.length === 1)
    .flatMap(createdSets);
}

/** By the containers that the identifiers name. */
function keysOf(sets: readonly RecordSet[]): Set<string> {
  return new Set(sets.flatMap(keyOfSet));
}

function keyOfSet({ Name, SetIdentifier }: RecordSet): readonly string[] {
  const owner = parseSetIdentifier(SetIdentifier?.replace(/^ecs-dns:/, ''));
  return owner === undefined ? [] : [registrationKey(owner.containerId, normalizeName(Name))];
}

function runningRecords({ zone, inventory }: RunResult): ReadonlyMap<string, TakenOut> {
  const zoneName = normalizeName(zone.name);
  const recordOf = (container: Container, relative: string, endpoint: Endpoint | undefined) => {
    const name = `${relative}.${zoneName}`;
    const key = registrationKey(container.id, name);
    return [key, { key, name, container, endpoint }] as const;
  };
  const addresses = inventory.containers.flatMap((container) =>
    container.addressName === undefined ? [] : [recordOf(container, container.addressName, undefined)],
  );
  const ports = inventory.endpoints.flatMap((endpoint) =>
    endpoint.serviceName === undefined ? [] : [recordOf(endpoint.container, endpoint.serviceName, endpoint)],
  );
  return new Map([...addresses, ...ports]);
}
