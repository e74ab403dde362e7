import { setMaxListeners } from 'node:events';
import type { Clock } from '../../../src/model/clock.ts';
import { foundOnce, type ZonePort } from '../../../src/route53/zone-port.ts';
import type { FleetPorts } from '../../../src/run/ports.ts';
import { reconcileScope, type ScopeResult, scopeFailure } from '../../../src/run/reconcile-scope.ts';
import type { RunOptions } from '../../../src/run/run.ts';
import type { DefinitionCache } from '../../../src/sources/ecs/definition-cache.ts';
import { KnownHosts } from '../../../src/sources/ecs/known-hosts.ts';
import { followEvents } from '../../../src/watch/follow-events.ts';
import type { ScopeRecord, Worker } from '../../../src/worker.ts';
import type { Session } from '../aws/session.ts';
import type { EventSetup, RunSpec } from '../history.ts';
import { createRandom, mix, unit } from '../random.ts';
import type { World } from '../world/world.ts';
import { followingPass, type Pass } from './passes.ts';
import { SimQueue } from './queue.ts';

/** What a process knows from one look to the next. */
export interface Known {
  readonly definitions: DefinitionCache;
  readonly hosts: KnownHosts;
}

/** What looks are played with. */
export interface LookStage {
  readonly world: World;
  /** A session of its own for each pass of a look. */
  begin(spec: RunSpec): Session;
  ports(session: Session, known: Known): FleetPorts;
  options(session: Session): RunOptions;
  /** Told of each pass that came to its result, in order. */
  ended(sessions: readonly Session[], result: ScopeResult): void;
  failed(session: Session, error: unknown, isAborted: boolean): void;
}

/** Follows what a bus tells, with the worker's own `followEvents`, for as long as the history is played. */
export function followBus(stage: LookStage, setup: EventSetup): void {
  const { bus, scheduler } = stage.world;
  if (bus === undefined) return;
  const queue = new SimQueue(scheduler);
  bus.onMessage = (body) => {
    stage.world.trace?.(`a message comes: ${nameOf(body)}`);
    queue.deliver(body);
  };
  let looks = 0;
  const nextSpec = () => specOf(setup, ++looks);
  let process = startProcess(stage, queue, nextSpec);
  for (const at of setup.restarts) {
    scheduler.at(at, () => {
      process.abort(new Error('the process is replaced'));
      process = startProcess(stage, queue, nextSpec);
    });
  }
}

function startProcess(stage: LookStage, queue: SimQueue, nextSpec: () => RunSpec): AbortController {
  const { scheduler, history } = stage.world;
  const control = new AbortController();
  // Every look under way listens for it; that many listeners are no leak.
  setMaxListeners(0, control.signal);
  const clock = scheduler.clock(createRandom(history.seed, 1));
  const known: Known = { definitions: new Map(), hosts: new KnownHosts(clock) };
  const ports = findingOnce(stage, clock);
  const runScopes: Worker['runScopes'] = (scopes, { signal }) =>
    look(scopes, { ...stage, ports, known, spec: nextSpec(), signal });
  void followEvents({ worker: { runScopes }, queue, clock, stop: control.signal, observe: () => {} });
  return control;
}

/** The zone is found by whichever look of the process needs it first. */
function findingOnce(stage: LookStage, clock: Clock): LookStage['ports'] {
  let latest: FleetPorts | undefined;
  const find: ZonePort['find'] = (signal) => {
    if (latest === undefined) throw new TypeError('no look has begun');
    return latest.zone.find(signal);
  };
  const found = foundOnce({ find } as ZonePort, clock);
  return (session, known) => {
    latest = stage.ports(session, known);
    return { ...latest, zone: { ...latest.zone, find: (signal) => found.find(signal) } };
  };
}

interface LookContext extends LookStage {
  readonly known: Known;
  readonly spec: RunSpec;
  readonly signal: AbortSignal | undefined;
}

/** A run of scopes; each of its passes has a session of its own, because each reads all anew that it goes by. */
async function look(
  scopes: Parameters<Worker['runScopes']>[0],
  { known, spec, signal, ...stage }: LookContext,
): Promise<ScopeRecord> {
  const passes: Pass[] = [];
  const begin = (index: number) => {
    const session = stage.begin(index === 0 ? spec : { at: 0, salt: mix(spec.salt, index) });
    const pass = { session, ports: stage.ports(session, known) };
    passes.push(pass);
    return pass;
  };
  const first = begin(0);
  const { ports, current } = followingPass(first, begin);
  const options = stage.options(first.session);
  const approve: RunOptions['approve'] = (preview) => stage.options(current().session).approve(preview);
  try {
    const result = await reconcileScope(scopes, ports, { ...options, approve, signal });
    stage.ended(
      passes.map(({ session }) => session),
      result,
    );
    if (result.error !== undefined) stage.failed(current().session, result.error, signal?.aborted === true);
    return { ...NOTHING, waiting: result.waiting, failure: scopeFailure(result) };
  } catch (error) {
    stage.failed(current().session, error, signal?.aborted === true);
    throw error;
  }
}

const NOTHING = { runs: [], elsewhere: [], calls: { awsCalls: {}, awsThrottled: 0 } };

function specOf({ salt, killRate }: EventSetup, number: number): RunSpec {
  const own = mix(salt, number);
  if (unit(own, 0) >= killRate) return { at: 0, salt: own };
  const how = unit(own, 1) < 0.5 ? 'killed-before' : 'killed-after';
  return { at: 0, salt: own, end: { how, call: 1 + Math.floor(unit(own, 2) * 12) } };
}

function nameOf(body: string): string {
  const { 'detail-type': kind, detail } = JSON.parse(body);
  return `${kind} ${detail.taskArn ?? detail.containerInstanceArn ?? detail['instance-id'] ?? ''} ${detail.lastStatus ?? detail.status ?? detail.state ?? ''} ${detail.desiredStatus ?? ''}`;
}
