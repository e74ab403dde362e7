import type { Settings } from '../config/settings.ts';
import type { Clock } from '../model/clock.ts';
import { asks } from '../model/health-check.ts';
import { type ProbeTarget, probeKey } from '../model/probe.ts';
import { checkResolver } from '../plan/policy.ts';
import { createProber, type Prober } from '../probe/prober.ts';
import type { DockerInventory } from '../sources/docker/docker-inventory.ts';
import type { EngineEvent } from '../sources/docker/engine-api.ts';
import type { RunRecord, RunRequest, Worker } from '../worker.ts';
import { createHeardEvents } from './heard-events.ts';
import type { HostZone } from './host-zone.ts';
import type { Work } from './pending-work.ts';
import { createRegisteredRecords, type TakenOut } from './registered-records.ts';

/** What the passes of one host are made with. */
export interface HostPassOptions {
  readonly worker: Pick<Worker, 'run'>;
  readonly zone: HostZone;
  readonly inventory: DockerInventory;
  /** As they were given: by their checks a record may come back that another tool took out. */
  readonly settings: Pick<Settings, 'health'>;
  readonly clock: Clock;
  /** Asks how such a record's container is; by the settings unless given. */
  readonly prober?: Prober;
}

/** The passes of one host: each is a run of the ordinary worker, over all of the zone or the names of some containers. */
export interface HostPasses {
  /** What a pass has to read; `undefined` where none of the containers bears a name. */
  prepare(work: Work, signal: AbortSignal | undefined): Promise<PreparedPass | undefined>;
  run(pass: PreparedPass, request: RunRequest): Promise<RunRecord>;
  /** Asks what another tool has taken out again how it is; true where any of it may come back. */
  askTakenOut(signal: AbortSignal | undefined): Promise<boolean>;
  /** A container has started, died or changed its health; false where that was known. */
  readonly changed: (event: EngineEvent) => boolean;
  /** The containers of which the engine, when it was asked, did not say yet what it has told of them: to be asked again. */
  readonly unsettled: () => readonly string[];
}

export interface PreparedPass {
  /** Relative to the zone; `undefined` for a pass over all. */
  readonly names: ReadonlySet<string> | undefined;
}

export function createHostPasses({
  worker,
  zone,
  inventory,
  settings,
  clock,
  ...given
}: HostPassOptions): HostPasses {
  const { prober = createProber(settings.health, clock) } = given;
  const registered = createRegisteredRecords();
  let takenOut: readonly TakenOut[] = [];
  const heard = createHeardEvents();
  let unsettled: readonly string[] = [];
  return {
    changed: (event) => {
      if (!heard.add(event)) return false;
      inventory.changed(event.containerId);
      // What another tool has taken out for its health does not come back for its health.
      if (event.action !== 'health') registered.forget(event.containerId);
      return true;
    },
    prepare: async ({ isFull, containers }, signal) => {
      // A pass over all may see what was heard of, or may be too early for it.
      unsettled = isFull ? heard.all() : [];
      if (isFull) return { names: undefined };
      const { names, running } = await inventory.look(containers, signal);
      unsettled = heard.settle(containers, running);
      for (const id of unsettled) inventory.changed(id);
      return names.size === 0 ? undefined : { names };
    },
    unsettled: () => unsettled,
    run: async ({ names }, request) => {
      zone.narrow(names);
      inventory.narrow(names);
      const isFull = names === undefined;
      const record = await worker.run({ ...request, except: registered.except(isFull) });
      takenOut = registered.observe(record.result, isFull);
      return record;
    },
    askTakenOut: async (signal) => {
      const targets = targetsOf(takenOut, settings.health);
      if (targets.size === 0) return false;
      const outcomes = await prober.probe([...targets.values()], {}, signal);
      const back = [...targets].filter(([one, target]) => {
        const kind = outcomes.get(probeKey(target))?.kind;
        return kind !== undefined && kind !== 'indeterminate' && registered.answered(one, kind === 'healthy');
      });
      return back.length > 0;
    },
  };
}

/** Where those of them are to be asked that are to be checked. */
function targetsOf(
  taken: readonly TakenOut[],
  health: Settings['health'],
): ReadonlyMap<TakenOut, ProbeTarget> {
  const checkOf = checkResolver(health, health.services);
  return new Map(
    taken.flatMap((one) => {
      const { endpoint } = one;
      const check = endpoint && checkOf(endpoint);
      if (endpoint?.address === undefined || check === undefined || !asks(check)) return [];
      return [[one, { address: endpoint.address, port: endpoint.port, check }] as const];
    }),
  );
}
