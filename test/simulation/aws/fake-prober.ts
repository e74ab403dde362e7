import { type ProbeOutcome, probeKey, type UnhealthyReason } from '../../../src/model/probe.ts';
import type { Prober } from '../../../src/probe/prober.ts';
import { isAlive, isUp } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { Session } from './session.ts';

const EVIDENCE = { attempts: 3, durationMs: 10 };

/** Health checks that see the world as it is when they get there, unless the worker's own side fails. */
export function fakeProber(session: Session): Prober {
  return {
    async probe(targets, { onProgress }, signal) {
      session.isInventoryTaken = true;
      // All or nothing: a network that fails between two probes cannot be told from endpoints that do.
      const lost = session.meets('selfTest', 'probe', 0);
      const distinct = new Map(targets.map((target) => [probeKey(target), target]));
      const outcomes = new Map<string, ProbeOutcome>();
      await Promise.all(
        [...distinct].map(async ([key, { address, port }]) => {
          const outcome = await session.call('probe', signal, (call): ProbeOutcome => {
            if (lost) return { kind: 'unhealthy', reason: 'timeout', ...EVIDENCE };
            if (session.meets('checker', 'probe', call)) {
              return {
                kind: 'indeterminate',
                reason: session.chance(call, 60) < 0.5 ? 'checker-error' : 'deadline',
                ...EVIDENCE,
              };
            }
            return seen(address, port, session.world);
          });
          outcomes.set(key, outcome);
          session.probed.set(key, outcome.kind);
          onProgress?.(outcomes.size, distinct.size);
        }),
      );
      return outcomes;
    },
  };
}

function seen(address: string, port: number, world: World): ProbeOutcome {
  const task = world.runningAt(address, port);
  if (task === undefined) return failed(isAnybodyAt(address, world) ? 'connection-refused' : 'timeout');
  if (isUp(task, world.now) || (task.readyAt <= world.now && task.behaviour === 'ok')) {
    return { kind: 'healthy', status: 200, ...EVIDENCE };
  }
  if (task.readyAt > world.now || task.behaviour === 'refuse') return failed('connection-refused');
  return task.behaviour === 'hang' ? failed('timeout') : { ...failed('http-status'), status: 500 };
}

function failed(reason: UnhealthyReason): ProbeOutcome {
  return { kind: 'unhealthy', reason, ...EVIDENCE };
}

function isAnybodyAt(address: string, world: World): boolean {
  return (
    world.hosts.some((host) => host.address === address && isAlive(host)) ||
    world.tasks.some(
      (task) => task.interfaceName !== undefined && task.address === address && task.exitedAt === undefined,
    )
  );
}
