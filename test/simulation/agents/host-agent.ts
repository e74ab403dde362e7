import { setMaxListeners } from 'node:events';
import { createHostPasses } from '../../../src/agent/host-passes.ts';
import { createHostZone, type HostZone } from '../../../src/agent/host-zone.ts';
import { runAgent } from '../../../src/agent/run-agent.ts';
import { parseSettings } from '../../../src/config/parse-settings.ts';
import type { Clock } from '../../../src/model/clock.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { reconcile } from '../../../src/run/reconcile.ts';
import type { RunOptions } from '../../../src/run/run.ts';
import { createDockerInventory, type DockerInventory } from '../../../src/sources/docker/docker-inventory.ts';
import { NO_STATE_STORE } from '../../../src/state/state-store.ts';
import { keepLiveness } from '../../../src/watch/liveness.ts';
import type { RunRecord, RunRequest } from '../../../src/worker.ts';
import { fakeProber } from '../aws/fake-prober.ts';
import type { Session } from '../aws/session.ts';
import { MINUTE, type RunSpec } from '../history.ts';
import { createRandom, mix } from '../random.ts';
import { syncPolicy } from '../sync-policy.ts';
import { REGION } from '../world/account.ts';
import { isAlive, type SimHost } from '../world/entities.ts';
import { ZONE_NAME } from '../world/names.ts';
import type { World } from '../world/world.ts';
import { hostEngine } from './host-engine.ts';

/** What the agents of hosts are played with. */
export interface AgentStage {
  readonly world: World;
  /** A session of its own for each pass. */
  begin(spec: RunSpec, host: SimHost): Session;
  ports(session: Session): Ports;
  options(session: Session): RunOptions;
  failed(session: Session, error: unknown, isAborted: boolean): void;
}

/** How records are checked that another tool has taken out; the prober of the simulation asks all alike. */
const SETTINGS = parseSettings({ env: {}, flags: { '--zone': ZONE_NAME } });
const EVERY_MS = 5 * MINUTE;
const TIMEOUT_MS = MINUTE;
const LONG_MS = 20_000;

/** `ecs-dns agent` on every host that has it, in place of an agent of old, for as long as the host is there. */
export function followHosts(stage: AgentStage): void {
  const { world } = stage;
  const follow = (host: SimHost) => {
    if (host.spec.agent !== 'new') return;
    let process: AbortController | undefined;
    const start = () => {
      process?.abort(new Error('the agent ends'));
      process = isAlive(host) ? startAgent(host, stage) : undefined;
    };
    world.scheduler.at(host.registeredAt, start);
    world.restarts.set(host, start);
  };
  for (const host of world.hosts) follow(host);
  world.onLaunch = follow;
}

function startAgent(host: SimHost, stage: AgentStage): AbortController {
  const { world } = stage;
  const control = new AbortController();
  const clock = agentClock(host, world);
  const engine = hostEngine(host, world);
  const identity = { hostName: host.name, address: host.address };
  const inventory = createDockerInventory({
    engine,
    identity,
    region: REGION,
    waitForHealthy: true,
    introspection: [],
    clock,
  });
  const zone = createHostZone(host.name);
  let passes = 0;
  const nextSpec = (): RunSpec => ({ at: 0, salt: mix(world.history.seed, world.unique(), ++passes) });
  const worker = { run: (request: RunRequest) => pass(request, { host, zone, inventory, nextSpec }, stage) };
  const all = createHostPasses({
    worker,
    zone,
    inventory,
    settings: SETTINGS,
    prober: { probe: (...asked) => fakeProber(stage.begin(nextSpec(), host)).probe(...asked) },
    clock,
  });
  void runAgent({
    clock,
    stop: control.signal,
    graceMs: 0,
    timeoutMs: TIMEOUT_MS,
    liveness: keepLiveness(),
    engine,
    passes: all,
    everyMs: EVERY_MS,
    disconnected: () => {},
    observe: () => {},
  });
  return control;
}

/** Its own engine tells an agent what runs: it asks no endpoint, and nothing holds back what has ended. */
async function pass(
  { signal, deadline, except }: RunRequest,
  of: { host: SimHost; zone: HostZone; inventory: DockerInventory; nextSpec: () => RunSpec },
  stage: AgentStage,
): Promise<RunRecord> {
  if (signal !== undefined) setMaxListeners(0, signal);
  const session = stage.begin(of.nextSpec(), of.host);
  const ports = stage.ports(session);
  const { health, limits, ...options } = stage.options(session);
  const sync = { ...syncPolicy(stage.world.history.setup.sync?.ttl ?? 0), except };
  const policy = {
    manage: { kind: 'host' as const, host: of.host.name },
    health: { ...health, enabled: false, trustEcs: false, trustTargetGroups: false },
    limits: { ...limits, removalBudgetPercent: 100, allowEmpty: true, force: false },
    sync,
    stopping: undefined,
  };
  const bounds = { signal, deadline };
  try {
    const own = { ...ports, zone: of.zone.wrap(ports.zone), inventory: of.inventory, state: NO_STATE_STORE };
    const result = await reconcile(own, { ...options, ...policy, ...bounds });
    return { result } as RunRecord;
  } catch (error) {
    stage.failed(session, error, signal?.aborted === true);
    throw error;
  }
}

/** A long wait of an agent's is for the next pass over all, or for a world that can be reached: it may never end. */
function agentClock(host: SimHost, { scheduler, history }: World): Clock {
  const clock = scheduler.clock(createRandom(history.seed, host.slot, 2));
  return { ...clock, sleep: (ms, signal) => scheduler.sleep(ms, signal, ms >= LONG_MS) };
}
