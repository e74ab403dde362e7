import { elbv2Service } from '../../../src/sandbox/elb/elbv2-service.ts';
import type { Target } from '../../../src/sandbox/world/load-balancer.ts';
import { type BalancersApi, elbApi } from '../../../src/sources/ecs/elb-api.ts';
import { unit } from '../random.ts';
import { targetGroupOf } from '../world/account.ts';
import { isRunning, type SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import { sdkClient } from './sdk-client.ts';
import type { Session } from './session.ts';

/** Elastic Load Balancing as one run meets it, by the worker's own adapter: its target groups, and no more. */
export function balancersOf(session: Session): BalancersApi {
  const { world } = session;
  const client = sdkClient(session, elbv2Service, ({ carryOut }) => {
    for (const [index] of world.history.setup.services.entries()) {
      const group = targetGroupOf(world.account, index);
      if (group !== undefined) group.targets = targetsOf(index, session);
    }
    return carryOut(world.account);
  });
  return elbApi({ elbv2: client, elb: client } as unknown as Parameters<typeof elbApi>[0]);
}

/** All that is registered: of two that had one port of a machine, the newer one. */
function targetsOf(serviceIndex: number, session: Session): Target[] {
  const { world } = session;
  const own = world.tasks.filter(
    (task) =>
      task.serviceIndex === serviceIndex && task.startedAt <= world.now && task.stoppedAt === undefined,
  );
  const targets = new Map<string, Target>();
  for (const task of own) {
    const id = task.interfaceName === undefined ? task.host?.instanceId : task.address;
    const port = task.interfaceName === undefined ? task.ports[0] : task.service.containerPorts[0];
    if (id === undefined || port === undefined) continue;
    const health = toldOf(task, world);
    targets.set(`${id} ${port}`, { id, port, ...health });
    if (FAILED.has(health.reason ?? '')) session.targetsFailed.add(`${task.address} ${task.ports[0]}`);
  }
  return [...targets.values()];
}

type Health = Pick<Target, 'state' | 'reason'>;

const TIMEOUT: Health = { state: 'unhealthy', reason: 'Target.Timeout' };
const MISMATCH: Health = { state: 'unhealthy', reason: 'Target.ResponseCodeMismatch' };
const FAILED: ReadonlySet<string> = new Set(['Target.Timeout', 'Target.ResponseCodeMismatch']);

/** What says nothing of a container, whatever it looks like. */
const WITHOUT_VERDICT: readonly Health[] = [
  { state: 'draining', reason: 'Target.DeregistrationInProgress' },
  { state: 'unhealthy.draining', reason: 'Target.DeregistrationInProgress' },
  { state: 'initial', reason: 'Elb.InitialHealthChecking' },
  { state: 'unused', reason: 'Target.NotInUse' },
  { state: 'unavailable', reason: 'Target.HealthCheckDisabled' },
  { state: 'unhealthy', reason: 'Elb.InternalError' },
  { state: 'hibernating', reason: 'Target.Timeout' },
];

/** One that is believed tells the truth, or nothing; one that is not tells anything, of now or of minutes ago. */
function toldOf(task: SimTask, world: World): Health {
  const { salt, isBelieved } = world.history.setup.targetGroups ?? { salt: 0, isBelieved: true };
  const index = world.tasks.indexOf(task);
  // For some minutes it is always the same.
  const time = Math.floor(world.now / 120_000);
  const draw = unit(salt, index, time);
  const odd = WITHOUT_VERDICT[Math.floor(unit(salt, index, time, 1) * WITHOUT_VERDICT.length)];
  if (draw < 0.25 && odd !== undefined && !world.isQuiet) return odd;
  if (!isBelieved && draw < 0.6) return draw < 0.5 ? TIMEOUT : { state: 'healthy' };
  return truthOf(task, world.now);
}

function truthOf(task: SimTask, now: number): Health {
  if (task.stopDesiredAt !== undefined)
    return { state: 'draining', reason: 'Target.DeregistrationInProgress' };
  if (!isRunning(task, now)) return TIMEOUT;
  if (task.readyAt > now) return { state: 'initial', reason: 'Elb.InitialHealthChecking' };
  if (task.behaviour === 'ok') return { state: 'healthy' };
  return task.behaviour === 'status' ? MISMATCH : TIMEOUT;
}
