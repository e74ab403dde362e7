import { lineJournal } from '../../src/journal/line-journal.ts';
import type { DeregisteredSince } from '../../src/model/task-stop.ts';
import { NO_PUBLISHER } from '../../src/publish/publisher.ts';
import { createZone } from '../../src/route53/zone-port.ts';
import type { FleetPorts, Ports } from '../../src/run/ports.ts';
import { reconcile } from '../../src/run/reconcile.ts';
import type { RunOptions } from '../../src/run/run.ts';
import { KnownHosts } from '../../src/sources/ecs/known-hosts.ts';
import { createInventory } from '../../src/sources/ecs/take-inventory.ts';
import { NO_STOPPER } from '../../src/sources/ecs/task-stopper.ts';
import { NO_STATE_STORE } from '../../src/state/state-store.ts';
import { type AgentStage, followHosts } from './agents/host-agent.ts';
import { cloudMapOf } from './aws/cloud-map.ts';
import { ec2Of } from './aws/ec2.ts';
import { ecsOf, stopperOf } from './aws/ecs.ts';
import { fakeProber } from './aws/fake-prober.ts';
import { route53Of } from './aws/route53.ts';
import { Session } from './aws/session.ts';
import { balancersOf } from './aws/target-groups.ts';
import { checkResult } from './checks/after-run.ts';
import { checkEnd } from './checks/at-end.ts';
import { Deeds } from './checks/flapping.ts';
import { checkAgent } from './checks/host-agent.ts';
import { sinkOf } from './checks/journal.ts';
import { checkKept } from './checks/kept-answers.ts';
import { checkRequest } from './checks/on-request.ts';
import { checkPrompt } from './checks/promptness.ts';
import { checkSecondPlan, type Ended } from './checks/second-plan.ts';
import { checkStop } from './checks/stops.ts';
import { checkTargetGroups } from './checks/target-groups.ts';
import type { Invariant, Report, Violation } from './checks/violation.ts';
import { type FaultKind, type History, MINUTE, RUN_INTERVAL, type RunSpec } from './history.ts';
import { followBus, type Known, type LookStage } from './looks/follow.ts';
import { HONEST, type Mutant, type MutantContext } from './mutants/mutant.ts';
import { type Pace, paceOf } from './pace.ts';
import { createRandom } from './random.ts';
import { Scheduler } from './scheduler.ts';
import { syncPolicy } from './sync-policy.ts';
import { REGION } from './world/account.ts';
import { happen } from './world/events.ts';
import { NAMESPACE } from './world/registries.ts';
import { StateItem } from './world/state-store.ts';
import { World } from './world/world.ts';
import type { Write, ZoneStore } from './world/zone-store.ts';

/** How a history went. */
export interface Played {
  readonly violations: readonly Violation[];
  readonly runs: number;
  readonly steps: number;
  readonly changes: number;
  readonly faults: ReadonlyMap<FaultKind, number>;
  readonly log: readonly string[];
  readonly pace: Pace;
}

const WORLD_START = -30 * MINUTE;
/** Long enough for every agent, ECS and EC2 to have said and forgotten what they had to. */
const SETTLING_MS = 30 * MINUTE;

/** Plays a history with the real worker, or with a broken one, and ends with two runs in quiet. */
export async function play(history: History, mutant: Mutant = HONEST, tracing = false): Promise<Played> {
  const stage = new Stage(history, mutant);
  if (tracing) stage.world.trace = (text) => stage.log.push(`${seconds(stage.scheduler.now)} ${text}`);
  await stage.play().catch((error: unknown) => stage.breakDown(error));
  const { world, sessions, violations, scheduler, log } = stage;
  const times = history.runs.map(({ at }) => at);
  return {
    violations,
    runs: sessions.length,
    steps: scheduler.steps,
    changes: world.zone.writes.filter(({ by }) => typeof by === 'number').length,
    faults: world.faultCounts,
    log,
    pace: paceOf(world, Math.min(...times), Math.max(...times) - RUN_INTERVAL),
  };
}

/** What the request that was answered last has changed. */
function writesOf({ requests }: Session, zone: ZoneStore): readonly Write[] {
  const request = requests.at(-1);
  return request?.carriedOut ? zone.writes.slice(request.writesFrom, request.writesTo) : [];
}

/** Half of the runs of a place share a process, and the others begin in a new one. */
function processOf({ number, spec: { salt, place = 0 } }: Session): number {
  return salt % 2 === 0 ? -place : number + 1;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`.padStart(11);
}

class Stage {
  readonly history: History;
  readonly mutant: Mutant;
  readonly scheduler = new Scheduler(WORLD_START);
  readonly world: World;
  readonly sessions: Session[] = [];
  readonly violations: Violation[] = [];
  readonly log: string[] = [];
  readonly #known: Known = this.#knowNothing();
  readonly #memory = new Map<string, unknown>();
  readonly #state = new StateItem();
  readonly #deregistered = new Map<number, DeregisteredSince>();
  readonly #underWay = new Set<Session>();
  readonly #deeds = new Deeds();
  readonly #ended: Ended[] = [];
  #sessionCount = 0;

  constructor(history: History, mutant: Mutant) {
    this.history = history;
    this.mutant = mutant;
    this.world = new World(history, this.scheduler);
  }

  #watch(session: Session): Session {
    session.onLimit = (detail) => this.#report('request-limits', detail, session.number);
    session.onStop = (task) => {
      const report: Report = (invariant, detail) => this.#report(invariant, detail, session.number);
      checkStop(session, task, report);
      checkKept(session, task, (by) => this.#isOwn(by, session), report);
    };
    session.onRequest = (zone) => {
      const report: Report = (invariant, detail) => {
        // What such a mutant removes outside its plan is in no journal, which says nothing of how it is broken.
        const isBesideThePoint = this.mutant.goesBeyondPlan && invariant === 'journal';
        if (!isBesideThePoint) this.#report(invariant, detail, session.number);
      };
      checkRequest(session, zone, report);
      for (const write of writesOf(session, zone)) this.#deeds.check(session, write, report);
    };
    return session;
  }

  /** Whether a write is of the process of a run; of runs that met none knows what another has done. */
  #isOwn(by: Write['by'], session: Session): boolean {
    const writer = this.sessions.find(({ number }) => number === by);
    return writer !== undefined && !writer.isAccompanied && processOf(writer) === processOf(session);
  }

  async play(): Promise<void> {
    const { setup, events, runs, faults } = this.history;
    for (const event of events) this.scheduler.at(event.at, () => happen(event, this.world));
    for (const run of runs) this.scheduler.at(run.at, () => this.#start(run));
    if (setup.events !== undefined) followBus(this.#lookStage(), setup.events);
    followHosts(this.#agentStage());
    await this.scheduler.play(() => false);
    this.world.isQuiet = true;
    const quiet = Math.max(this.scheduler.now, ...faults.map(({ until }) => until)) + SETTLING_MS;
    for (const index of [0, 1]) {
      this.scheduler.at(quiet + index * RUN_INTERVAL, () => this.#start({ at: 0, salt: index }));
    }
    await this.scheduler.play(() => false);
    if (this.#underWay.size > 0) this.#report('broke-down', `${this.#underWay.size} runs never ended`, -1);
    this.#checkEnd();
  }

  /** A history that has no end is told like any other breach. */
  breakDown(error: unknown): void {
    this.#report('broke-down', String(error instanceof Error ? error.stack : error), -1);
  }

  #checkEnd(): void {
    if (this.history.setup.zone === 'missing' || this.history.setup.zone === 'ambiguous') return;
    const [first, second] = this.#ended.slice(-2);
    if (second === undefined || second.session !== this.sessions.at(-1)) {
      this.#report('broke-down', 'the last run has no result', -1);
      return;
    }
    const report: Report = (invariant, detail) => this.#report(invariant, detail, second.session.number);
    checkEnd(this.world, second.result, report);
    if (first !== undefined && first.session === this.sessions.at(-2)) checkSecondPlan(first, second, report);
  }

  #start(spec: RunSpec): void {
    const session = this.#watch(new Session(this.#sessionCount++, spec, this.world));
    this.sessions.push(session);
    this.world.trace?.(`run ${session.number} starts`);
    for (const other of this.#underWay) other.isAccompanied = true;
    session.isAccompanied = this.#underWay.size > 0;
    this.#underWay.add(session);
    this.scheduler.wake();
    void this.#run(session);
    // A killed run never comes back; it is not waited for.
    if (spec.end !== undefined && spec.end.how !== 'aborted') this.#underWay.delete(session);
  }

  async #run(session: Session): Promise<void> {
    try {
      const result = await reconcile(this.#ports(session), this.#options(session));
      this.#ended.push({ session, result });
      // A process runs one thing at a time: runs that met are of different ones, which know nothing of each other.
      if (!session.isAccompanied) this.#deregistered.set(processOf(session), result.deregisteredSince);
      else this.#deregistered.delete(processOf(session));
      const report: Report = (invariant, detail) => this.#report(invariant, detail, session.number);
      checkTargetGroups(session, result, report);
      if (!this.mutant.goesBeyondPlan) checkResult(session, result, report);
      checkPrompt(session, result, report);
    } catch (error) {
      this.#failed(session, error);
    }
    this.#underWay.delete(session);
  }

  #failed(session: Session, error: unknown, isAborted = session.controller.signal.aborted): void {
    const isExpected = error instanceof Error && (error.name === 'RunError' || isAborted);
    if (!isExpected)
      this.#report('broke-down', String(error instanceof Error ? error.stack : error), session.number);
  }

  #lookStage(): LookStage {
    return {
      world: this.world,
      begin: (spec) => {
        const session = this.#watch(new Session(this.#sessionCount++, spec, this.world));
        session.isLook = true;
        this.world.trace?.(`look ${session.number} starts`);
        return session;
      },
      ports: (session, known) => this.#lookPorts(session, known),
      options: (session) => this.#options(session),
      ended: (sessions, { results }) => {
        for (const [index, result] of results.entries()) {
          const session = sessions[index];
          if (session !== undefined && !this.mutant.goesBeyondPlan)
            checkResult(session, result, (...report) => this.#report(...report, session.number));
        }
      },
      failed: (session, error, isAborted) => this.#failed(session, error, isAborted),
    };
  }

  #agentStage(): AgentStage {
    return {
      world: this.world,
      begin: (spec, { name }) => {
        const session = new Session(this.#sessionCount++, spec, this.world);
        session.isAgent = true;
        session.onRequest = (zone) =>
          checkAgent(session, name, zone, (...report) => this.#report(...report, session.number));
        return session;
      },
      ports: (session) => this.#fleetPorts(session, this.#knowNothing(), HONEST),
      options: (session) => this.#options(session, HONEST),
      failed: (session, error, isAborted) => this.#failed(session, error, isAborted),
    };
  }

  #knowNothing(): Known {
    return { definitions: new Map(), hosts: new KnownHosts({ now: () => this.scheduler.now }) };
  }

  #ports(session: Session): Ports {
    // Half of the runs begin in a new process.
    const isKnowing = processOf(session) === 0;
    const known = isKnowing ? this.#known : this.#knowNothing();
    return this.mutant.ports(this.#fleetPorts(session, known), this.#context(session));
  }

  #lookPorts(session: Session, known: Known): FleetPorts {
    const ports = this.#fleetPorts(session, known);
    const mutated = this.mutant.ports(ports, this.#context(session));
    const whole = { ...mutated, inventory: { ...ports.inventory, ...mutated.inventory } };
    return this.mutant.look(whole, this.#context(session));
  }

  #context(session: Session): MutantContext {
    return { session, memory: this.#memory };
  }

  #fleetPorts(session: Session, known: Known, mutant = this.mutant): FleetPorts {
    const { setup, seed } = this.history;
    const context = this.#context(session);
    const api = mutant.route53(route53Of(session), context);
    const clock = this.scheduler.clock(createRandom(seed, session.spec.salt), session.spec.clockBehindMs);
    const selector =
      setup.zone === 'by-id'
        ? { kind: 'id' as const, id: this.world.zone.id }
        : { kind: 'name' as const, name: 'sd.internal' };
    return {
      zone: createZone(selector, api, clock),
      inventory: createInventory({
        ecs: mutant.ecs(ecsOf(session), context),
        ec2: mutant.ec2(ec2Of(session), context),
        balancers: async () => balancersOf(session),
        cloudMap: async () => cloudMapOf(session),
        ...(session.nameOrder === undefined
          ? {}
          : { names: { order: session.nameOrder, namespace: NAMESPACE, ipv6: false } }),
        region: REGION,
        clusters: this.world.clusters.slice(0, setup.configuredClusters),
        ...known,
      }),
      prober: mutant.prober(fakeProber(session), context),
      state: setup.hasState ? this.#state.storeFor(session) : NO_STATE_STORE,
      journal: lineJournal(sinkOf(session), clock, {
        explain: (error) => new TypeError('a journal in memory does not fail', { cause: error }),
        report: (error) => this.#report('broke-down', String(error), session.number),
      }),
      publisher: NO_PUBLISHER,
      stopper: setup.stopping === undefined ? NO_STOPPER : stopperOf(session),
      clock,
    };
  }

  #options(session: Session, mutant = this.mutant): RunOptions {
    const { settings, sync, stopping, targetGroups } = this.history.setup;
    const deregisteredSince = this.#deregistered.get(processOf(session)) ?? new Map();
    const options: RunOptions = {
      manage: { kind: settings.manage },
      health: {
        kind: 'http',
        method: 'GET',
        path: '/health',
        headers: {},
        basicAuth: undefined,
        matcher: [{ from: 200, to: 200 }],
        bodyContains: undefined,
        hostName: undefined,
        tlsSkipVerify: false,
        timeoutMs: 2_000,
        attempts: 3,
        intervalMs: 2_000,
        unhealthyThreshold: settings.unhealthyThreshold,
        healthyThreshold: settings.healthyThreshold,
        enabled: true,
        gracePeriodMs: settings.gracePeriodMs,
        trustEcs: false,
        trustTargetGroups: targetGroups?.isBelieved ?? false,
        services: [],
      },
      limits: {
        removalBudgetPercent: settings.removalBudgetPercent,
        unhealthyBudgetPercent: settings.unhealthyBudgetPercent,
        // Longer than any history: what the budget holds stays.
        budgetDelayMs: 24 * 60 * MINUTE,
        panicPercent: settings.panicPercent,
        minEndpoints: settings.minEndpoints,
        allowEmpty: settings.allowEmpty,
        maxPlanAgeMs: 600_000,
        force: settings.force,
      },
      ...(session.syncs ? { sync: syncPolicy(sync?.ttl ?? 0) } : {}),
      ...(stopping === undefined
        ? {}
        : { stopping: { ...stopping, ecsServices: true as const, services: [], deregisteredSince } }),
      dryRun: false,
      approve: async (preview) => {
        session.notePreview(preview);
        return true;
      },
      // Every second history has runs that do not wait for what is slow.
      inParts: this.history.seed % 2 === 0,
      signal: session.controller.signal,
    };
    return mutant.options(options);
  }

  #report(invariant: Invariant, detail: string, run: number): void {
    const { now, steps } = this.scheduler;
    this.world.trace?.(`VIOLATION ${invariant}: ${detail}`);
    this.violations.push({ invariant, run, at: now, step: steps, detail });
  }
}
