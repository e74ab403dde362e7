import type { Settings } from '../config/settings.ts';
import type { Clock } from '../model/clock.ts';
import { probeKey } from '../model/probe.ts';
import { checkResolver } from '../plan/policy.ts';
import { createProber } from '../probe/prober.ts';
import type { DockerInventory } from '../sources/docker/docker-inventory.ts';
import type { RunRecord, RunRequest, Worker } from '../worker.ts';
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
}

/** The passes of one host: each is a run of the ordinary worker, over all of the zone or the names of some containers. */
export interface HostPasses {
  /** What a pass has to read; `undefined` where none of the containers bears a name. */
  prepare(work: Work, signal: AbortSignal | undefined): Promise<PreparedPass | undefined>;
  run(pass: PreparedPass, request: RunRequest): Promise<RunRecord>;
  /** Lets back what another tool has taken out and whose check passes; true where there is any. */
  letBack(signal: AbortSignal | undefined): Promise<boolean>;
  /** A container has started, died or changed its health. */
  readonly changed: (containerId: string) => void;
}

export interface PreparedPass {
  /** Relative to the zone; `undefined` for a pass over all. */
  readonly names: ReadonlySet<string> | undefined;
}

export function createHostPasses({ worker, zone, inventory, settings, clock }: HostPassOptions): HostPasses {
  const registered = createRegisteredRecords();
  const prober = createProber(settings.health, clock);
  let takenOut: readonly TakenOut[] = [];
  return {
    changed: (id) => {
      inventory.changed(id);
      registered.forget(id);
    },
    prepare: async ({ isFull, containers }, signal) => {
      if (isFull) return { names: undefined };
      const names = await inventory.namesOf(containers, signal);
      return names.size === 0 ? undefined : { names };
    },
    run: async ({ names }, request) => {
      zone.narrow(names);
      inventory.narrow(names);
      const record = await worker.run({ ...request, except: registered.except() });
      takenOut = registered.observe(record.result, names === undefined);
      return record;
    },
    letBack: async (signal) => {
      const asked = takenOut;
      takenOut = [];
      const passing = await thatPass(asked, settings.health, prober, signal);
      for (const one of passing) registered.letBack(one);
      return passing.length > 0;
    },
  };
}

/** Those whose check passes, or that are not to be checked. */
async function thatPass(
  taken: readonly TakenOut[],
  health: Settings['health'],
  prober: ReturnType<typeof createProber>,
  signal: AbortSignal | undefined,
): Promise<readonly TakenOut[]> {
  const checkOf = checkResolver(health, health.services);
  const targets = new Map(
    taken.flatMap((one) => {
      const { endpoint } = one;
      if (endpoint?.address === undefined) return [];
      const check = checkOf(endpoint);
      return check.kind === 'none'
        ? []
        : [[one, { address: endpoint.address, port: endpoint.port, check }] as const];
    }),
  );
  if (targets.size === 0) return taken;
  const outcomes = await prober.probe([...targets.values()], {}, signal);
  return taken.filter((one) => {
    const target = targets.get(one);
    return target === undefined || outcomes.get(probeKey(target))?.kind === 'healthy';
  });
}
