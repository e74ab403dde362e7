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

/** What the agent has seen registered: once, for as long as the container runs. */
export interface RegisteredRecords {
  /** What gets no record again, by `registrationKey`. */
  readonly except: () => ReadonlySet<string>;
  /** A container has started or died: what was known of it is past. */
  readonly forget: (containerId: string) => void;
  /** Learns from a pass; of one over the whole zone it gives back what was missing in the one before, too. */
  readonly observe: (result: RunResult, isFull: boolean) => readonly TakenOut[];
  /** Lets a record come back, once in the life of its container. */
  readonly letBack: (taken: TakenOut) => void;
}

interface Registered {
  /** Passes over the whole zone, one after the other, that did not find it. */
  readonly missed: number;
  readonly isBack: boolean;
}

/** So many in a row, and another tool that drains or replaces a host has had its time. */
const MISSED_PASSES = 2;

/**
 * Remembers what was registered, so that the agent and a worker do not undo each other's work: what another tool takes
 * out comes back once, after two passes, where its check passes; what goes again stays out until the container starts
 * anew. Bounded by what runs.
 */
export function createRegisteredRecords(): RegisteredRecords {
  const known = new Map<string, Registered>();
  /** Those that may get a record again. */
  const open = new Set<string>();
  return {
    except: () => new Set([...known.keys()].filter((key) => !open.has(key))),
    forget: (containerId) => {
      const start = registrationKey(containerId, '');
      for (const key of known.keys()) if (key.startsWith(start)) known.delete(key);
      for (const key of open) if (key.startsWith(start)) open.delete(key);
    },
    letBack: ({ key }) => {
      known.set(key, { missed: 0, isBack: true });
      open.add(key);
    },
    observe: (result, isFull) => {
      const present = presentKeys(result);
      for (const key of present) {
        known.set(key, { missed: 0, isBack: known.get(key)?.isBack ?? false });
        open.delete(key);
      }
      if (!isFull) return [];
      const running = runningRecords(result);
      const missing = [...known].filter(([key]) => !present.has(key) && !open.has(key));
      for (const key of known.keys()) if (!running.has(key)) known.delete(key);
      return missing.flatMap(([key, one]) => {
        const record = running.get(key);
        if (record === undefined) return [];
        const missed = one.missed + 1;
        known.set(key, { ...one, missed });
        return missed >= MISSED_PASSES && !one.isBack ? [record] : [];
      });
    },
  };
}

/** What is in the zone after the pass, by the containers that the identifiers name. */
function presentKeys({ plan, outcomes }: RunResult): ReadonlySet<string> {
  const isApplied = ({ key }: { readonly key: string }) => outcomes?.get(key)?.status === 'applied';
  const created = plan.groups.filter(isApplied).flatMap(createdSets);
  const there = plan.judgements.flatMap(({ verdict, entry }) =>
    verdict === 'foreign' || verdict === 'stale' ? [] : [entry.recordSet],
  );
  return new Set([...there, ...created].flatMap(keyOfSet));
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
