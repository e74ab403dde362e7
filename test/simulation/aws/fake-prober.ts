import {
  type ProbeOutcome,
  type ProbeTarget,
  probeKey,
  type UnhealthyReason,
} from '../../../src/model/probe.ts';
import type { Prober } from '../../../src/probe/prober.ts';
import type { Fault } from '../history.ts';
import { unit } from '../random.ts';
import { isAlive, isRunning, isUp, type SimTask, zoneOf } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { Session } from './session.ts';

const EVIDENCE = { attempts: 3, durationMs: 10 };

/** So many endpoints take longer to be heard than the others; and what their draws are for. */
const SLOW_SHARE = 0.15;
const SLOW = 61;

/** Health checks that see the world as it is when they get there, unless the worker's own side fails. */
export function fakeProber(session: Session): Prober {
  return {
    async probe(targets, { onProgress, onSlow }, signal) {
      session.isInventoryTaken = true;
      // All or nothing: a network that fails between two probes cannot be told from endpoints that do.
      session.isNetworkLost ??= session.meets('selfTest', 'probe', 0);
      const lost = session.isNetworkLost;
      session.cuts ??= cutsFor(session);
      const distinct = new Map(targets.map((target) => [probeKey(target), target]));
      const outcomes = new Map<string, ProbeOutcome>();
      const ask = async ([key, target]: readonly [string, ProbeTarget]) => {
        // Whichever of its addresses is asked, it is the same host that answers.
        const { port } = target;
        const address = session.world.firstAddress(target.address);
        const place = probeKey({ address, port });
        const outcome = await session.call('probe', signal, (call): ProbeOutcome => {
          if (lost) return { kind: 'unhealthy', reason: 'timeout', ...EVIDENCE };
          if (session.meets('checker', 'probe', call)) {
            return {
              kind: 'indeterminate',
              reason: session.chance(call, 60) < 0.5 ? 'checker-error' : 'deadline',
              ...EVIDENCE,
            };
          }
          const zone = cutOffZone(address, session);
          if (zone === undefined) return seen(address, port, session.world);
          session.cutOff.set(place, { address, zone });
          return failed('timeout');
        });
        outcomes.set(key, outcome);
        session.probed.set(place, outcome.kind);
        onProgress?.(outcomes.size, distinct.size);
      };
      // What takes its time is heard once all others are, in the world as it is by then.
      const isSlow = (index: number) =>
        onSlow !== undefined && unit(session.spec.salt, index, SLOW) < SLOW_SHARE;
      const all = [...distinct];
      const slow = all.filter((_, index) => isSlow(index));
      await Promise.all(all.filter((_, index) => !isSlow(index)).map(ask));
      if (slow.length === 0) return outcomes;
      onSlow?.(new Map(outcomes));
      await Promise.all(slow.map(ask));
      return outcomes;
    },
  };
}

/** What is cut off from where the worker of a run is, for as long as it asks. */
function cutsFor(session: Session): readonly Fault[] {
  const { place = 0 } = session.spec;
  const isHere = (fault: Fault) => fault.place === undefined || fault.place === place;
  return session.faults('cut-off', 'probe', 0).filter(isHere);
}

/** The number of the availability zone of an address, where there is no way to it. */
function cutOffZone(address: string, session: Session): number | undefined {
  const { hosts, tasks } = session.world;
  const { cuts = [] } = session;
  if (cuts.length === 0) return undefined;
  const zone =
    hosts.find((host) => host.address === address)?.zone ??
    zoneOf(tasks.find((task) => task.address === address) ?? { host: undefined, address });
  if (!cuts.some((fault) => fault.zone === zone)) return undefined;
  session.countCut();
  return zone;
}

function seen(address: string, port: number, world: World): ProbeOutcome {
  const task = reachedAt(address, port, world);
  if (task === undefined) return failed(isRefusedAt(address, world) ? 'connection-refused' : 'timeout');
  if (isUp(task, world.now) || (task.readyAt <= world.now && task.behaviour === 'ok')) {
    return { kind: 'healthy', status: 200, ...EVIDENCE };
  }
  if (task.readyAt > world.now || task.behaviour === 'refuse') return failed('connection-refused');
  return task.behaviour === 'hang' ? failed('timeout') : { ...failed('http-status'), status: 500 };
}

function failed(reason: UnhealthyReason): ProbeOutcome {
  return { kind: 'unhealthy', reason, ...EVIDENCE };
}

/** Who runs at a port of an address now, as far as there is a way from the worker to it. */
export function reachedAt(address: string, port: number, world: World): SimTask | undefined {
  return world.tasks.find(
    (task) =>
      task.address === address &&
      task.ports.includes(port) &&
      isRunning(task, world.now) &&
      isInReach(task.host?.spec.twinOf, task.service.of, world),
  );
}

/** No way leads into a VPC of the same addresses, and into the other account's only where the two are peered. */
function isInReach(twinOf: number | undefined, owner: unknown, { history }: World): boolean {
  if (owner === 'other-account') return history.setup.otherVpc?.isReachable === true;
  return twinOf === undefined;
}

/** Whether a closed port of an address is refused there. */
function isRefusedAt(address: string, world: World): boolean {
  return (
    world.hosts.some(
      (host) =>
        host.address === address &&
        host.spec.dropsClosed !== true &&
        isAlive(host) &&
        isInReach(host.spec.twinOf, host.spec.cluster, world),
    ) ||
    world.tasks.some(
      (task) =>
        task.interfaceName !== undefined &&
        task.address === address &&
        task.exitedAt === undefined &&
        isInReach(undefined, task.service.of, world),
    )
  );
}
