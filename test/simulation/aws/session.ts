import { setMaxListeners } from 'node:events';
import type { Change } from '../../../src/model/change.ts';
import { entryKey } from '../../../src/model/entry.ts';
import type { NameSource } from '../../../src/model/name-source.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import { recordSetKey } from '../../../src/model/record-set.ts';
import type { PastRemovals } from '../../../src/model/run-state.ts';
import type { RunPreview } from '../../../src/run/run.ts';
import { type Fault, type FaultKind, MINUTE, type Operation, type RunSpec } from '../history.ts';
import { unit } from '../random.ts';
import type { SimTask } from '../world/entities.ts';
import type { World } from '../world/world.ts';
import type { ZoneStore } from '../world/zone-store.ts';
import { noAnswer, serviceError } from './errors.ts';

/** A change request as it met the zone. */
export interface Request {
  readonly changes: readonly Change[];
  /** Whether it was carried out, whatever the worker was told of it. */
  readonly carriedOut: boolean;
  readonly replyLost: boolean;
  /** What the run had written down when it sent the request, and when that was. */
  readonly journaled: string;
  readonly sentAt: number;
  /** The zone's count of writes before and after. */
  readonly writesFrom: number;
  readonly writesTo: number;
}

/** After which an answer looks right, and is not. */
const LIES: ReadonlySet<FaultKind> = new Set(['truncate', 'empty']);

/** How many calls a run may make before it counts as going round in circles. */
const MAX_CALLS = 5_000;

/** One run's connection to AWS: delays its calls, lets faults meet them, and remembers what it was told. */
export class Session {
  readonly number: number;
  readonly spec: RunSpec;
  readonly world: World;
  readonly startedAt: number;
  readonly controller = new AbortController();
  /** Every set that the run has been shown, by its key, in the order of the readings. */
  readonly shown = new Map<string, RecordSet[]>();
  /** When the run was first shown a set, by its key. */
  readonly shownAt = new Map<string, number>();
  /** The same of each set as it was. */
  readonly #firstShown = new Map<RecordSet, number>();
  readonly requests: Request[] = [];
  /** Changes of batches that Route 53 refuses, whatever the zone has. */
  readonly refused: Change[] = [];
  /** Clusters of whose reading the run was told that something is missing. */
  readonly unreadClusters = new Set<string>();
  readonly listedClusters = new Set<string>();
  readonly probed = new Map<string, string>();
  /** What ECS has described before a plan was made, by ARN. */
  readonly #described = new Set<string>();
  /** What ECS has described since a plan was approved, by ARN. */
  readonly confirmed = new Set<string>();
  /** What target groups have called unhealthy by a health check of theirs, by `probeKey`. */
  readonly targetsFailed = new Set<string>();
  clustersUnread = false;
  isInventoryTaken = false;
  preview: RunPreview | undefined;
  previewedAt = Number.POSITIVE_INFINITY;
  /** What the run has written down of its removals. */
  journal = '';
  /** Whether it is a pass of the agent of a host, which is none of the worker's runs. */
  isAgent = false;
  /** Whether it is a pass of a run of scopes, and no run that looks at everything. */
  isLook = false;
  calls = 0;
  /** Whether AWS or the network has failed it, or lied to it; and whether another run was under way meanwhile. */
  isDisturbed = false;
  /** Whether it may have seen what is not: all that disturbs but for trouble with its own changes. */
  isMisled = false;
  isAccompanied = false;
  #isEcsInTrouble = false;
  isDead = false;
  /** Whether the worker's own network had lost every probe when the run began to ask; undecided before. */
  isNetworkLost: boolean | undefined;
  /** What cuts it off from availability zones, decided when it begins to ask. */
  cuts: readonly Fault[] | undefined;
  /** What the run has probed and found no way to, by `probeKey`, with the number of its availability zone. */
  readonly cutOff = new Map<string, { readonly address: string; readonly zone: number }>();
  /** When the newest run began of which the state has told. */
  newestKnownRun: number | undefined;
  /**
   * What runs of the hour before had removed, as far as the run was told when it began: without what the hour may lose while
   * the run goes on, and with it.
   */
  pastRemovals: readonly (readonly PastRemovals[])[] = [[]];
  /** Told of every task that is about to be stopped. */
  onStop: (task: SimTask) => void = () => {};
  /** Told of every change request as soon as the zone has answered it. */
  onRequest: (zone: ZoneStore) => void = () => {};
  /** Told of every request for more than AWS takes at once. */
  onLimit: (detail: string) => void = () => {};

  constructor(number: number, spec: RunSpec, world: World) {
    this.number = number;
    this.spec = spec;
    this.world = world;
    this.startedAt = world.now;
    // By a clock that is behind, grace periods last longer than they do.
    this.isMisled = spec.clockBehindMs !== undefined;
    // Every call under way listens for the abort; that many listeners are no leak.
    setMaxListeners(0, this.controller.signal);
  }

  /** Lets `act` happen at the other side, between a way there and a way back. */
  async call<T>(operation: Operation, signal: AbortSignal | undefined, act: (call: number) => T): Promise<T> {
    const call = ++this.calls;
    if (call > MAX_CALLS) throw new RangeError('the run does not come to an end');
    const { end } = this.spec;
    if (end?.how === 'aborted' && call === end.call) this.controller.abort(new Error('stopped'));
    if (end?.how === 'killed-before' && call >= end.call) this.isDead = true;
    await this.#travel(call, 1, signal);
    const answer = this.#answer(operation, call, act);
    if ('error' in answer)
      this.world.trace?.(`run ${this.number} call ${call} ${operation}: ${String(answer.error)}`);
    else this.world.trace?.(`run ${this.number} call ${call} ${operation}: ${brief(answer.value)}`);
    if (end?.how === 'killed-after' && call >= end.call) this.isDead = true;
    await this.#travel(call, 2, signal);
    if ('error' in answer) throw answer.error;
    return answer.value;
  }

  /** The faults of a kind that meet this call. */
  faults(kind: FaultKind, operation: Operation, call: number): readonly Fault[] {
    const { now } = this.world;
    return this.world.history.faults.filter(
      (fault) =>
        fault.kind === kind &&
        fault.operation === operation &&
        (fault.isLate !== true || this.preview !== undefined) &&
        (fault.isEarly !== true || this.preview === undefined) &&
        fault.from <= now &&
        now < fault.until &&
        unit(fault.salt, this.spec.salt, call) < fault.rate,
    );
  }

  meets(kind: FaultKind, operation: Operation, call: number): boolean {
    const found = this.faults(kind, operation, call).length > 0;
    if (found) countFault(this.world, kind);
    this.isDisturbed ||= found;
    const isTold = operation.startsWith('servicediscovery:') && !LIES.has(kind);
    this.isMisled ||= found && !isTold && operation !== 'route53:ChangeResourceRecordSets';
    this.#isEcsInTrouble ||= found && operation.startsWith('ecs:');
    return found;
  }

  /** Notes that a probe has met a cut. */
  countCut(): void {
    countFault(this.world, 'cut-off');
    this.isDisturbed = true;
    this.isMisled = true;
  }

  show(sets: readonly RecordSet[]): void {
    for (const set of sets) {
      const key = recordSetKey(set);
      const known = this.shown.get(key);
      if (!this.#firstShown.has(set)) this.#firstShown.set(set, this.world.now);
      if (known === undefined) {
        this.shown.set(key, [set]);
        this.shownAt.set(key, this.world.now);
      } else {
        known.push(set);
      }
    }
  }

  /** The sets of a key that the run had been shown by a time. */
  shownUntil(time: number, key: string): readonly RecordSet[] {
    return (this.shown.get(key) ?? []).filter((set) => (this.#firstShown.get(set) ?? time) <= time);
  }

  /** Whether it may register. */
  get syncs(): boolean {
    return this.world.history.setup.sync !== undefined && this.spec.prunes !== true;
  }

  /** Where its settings take names from, unless that is metadata alone. */
  get nameOrder(): readonly NameSource[] | undefined {
    return this.spec.leavesRegistriesOut === true ? undefined : this.world.history.setup.registries?.order;
  }

  /** Whether it came to its end alone, and was told nothing but the truth. */
  get isUndisturbed(): boolean {
    return !this.isDisturbed && !this.isAccompanied && this.spec.end === undefined;
  }

  /** Notes what runs before have removed. */
  noteRemovals(removals: readonly PastRemovals[]): void {
    const { now } = this.world;
    this.pastRemovals = [58, 60].map((minutes) => removals.filter(({ at }) => at > now - minutes * MINUTE));
  }

  /** Notes what is about to be changed; the parts of one run make one plan. */
  notePreview(preview: RunPreview): void {
    const before = this.preview?.plan;
    this.preview = before === undefined ? preview : { ...preview, plan: joined(before, preview.plan) };
    // What a run that is applied in parts reads after its first plan, it reads for what it has changed.
    this.previewedAt = Math.min(this.previewedAt, this.world.now);
  }

  /** Notes what ECS has described. */
  noteDescribed(arn: string): void {
    (this.preview === undefined ? this.#described : this.confirmed).add(arn);
  }

  /** Whether ECS has described it before a plan was made. */
  hasDescribed(arn: string): boolean {
    return this.#described.has(arn);
  }

  /** Whether a fault has kept a task or a container instance from the plan of the run. */
  isKeptInTheDark(arn: string): boolean {
    return this.#isEcsInTrouble && !this.#described.has(arn);
  }

  /** Notes that the run was told of a gap in a cluster. */
  markUnread(cluster: string): void {
    if (!this.isInventoryTaken) this.unreadClusters.add(cluster);
  }

  /** A number in [0, 1) that belongs to this call alone. */
  chance(call: number, purpose: number): number {
    return unit(this.spec.salt, call, purpose);
  }

  #answer<T>(
    operation: Operation,
    call: number,
    act: (call: number) => T,
  ): { value: T } | { error: unknown } {
    try {
      this.#refuse(operation, call);
      return { value: act(call) };
    } catch (error) {
      return { error };
    }
  }

  #refuse(operation: Operation, call: number): void {
    const isEc2 = operation.startsWith('ec2:');
    if (this.meets('throttle', operation, call)) {
      const name = isEc2
        ? 'RequestLimitExceeded'
        : operation.startsWith('ecs:')
          ? 'ThrottlingException'
          : 'Throttling';
      throw serviceError(name, 'Rate exceeded', isEc2 ? 503 : 400);
    }
    if (this.meets('server-error', operation, call)) throw serviceError('InternalFailure', 'try again', 500);
    if (this.meets('no-answer', operation, call)) throw noAnswer(this.chance(call, 7));
  }

  /** A run that stands still does not hear a signal either. */
  async #standStill(call: number, leg: number): Promise<void> {
    const { frozen } = this.spec;
    if (frozen === undefined || frozen.call !== call || frozen.leg !== leg) return;
    this.isDisturbed = true;
    this.isMisled = true;
    this.world.trace?.(`run ${this.number} stands still for ${frozen.ms / 1000} s`);
    await this.world.scheduler.sleep(frozen.ms, undefined);
  }

  async #travel(call: number, leg: number, signal: AbortSignal | undefined): Promise<void> {
    await this.#standStill(call, leg);
    if (!this.isDead) {
      const slow = this.chance(call, leg + 10) < 0.03 ? 12_000 : 300;
      await this.world.scheduler.sleep(5 + Math.floor(this.chance(call, leg) * slow), signal);
    }
    if (this.isDead) await new Promise<never>(() => {});
  }
}

function countFault(world: World, kind: FaultKind): void {
  world.faultCounts.set(kind, (world.faultCounts.get(kind) ?? 0) + 1);
}

const BRIEF_LENGTH = 160;

function brief(value: unknown): string {
  if (value === undefined) return 'done';
  const text = JSON.stringify(value, (key, one) => (key === 'ResourceRecordSets' ? one.length : one))
    .replace(/arn:aws:ecs:us-east-1:123456789012:/g, '')
    .replace(/[0-9a-f]{26}(?=")/g, '')
    // The only thing that no seed gives.
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'run');
  return text.length > BRIEF_LENGTH ? `${text.slice(0, BRIEF_LENGTH)}…` : text;
}

/** What the first part has taken out is judged in it alone. */
function joined(first: RunPreview['plan'], rest: RunPreview['plan']): RunPreview['plan'] {
  const known = new Set(rest.judgements.map(({ entry }) => entryKey(entry)));
  const gone = first.judgements.filter(({ entry }) => !known.has(entryKey(entry)));
  return {
    ...rest,
    judgements: [...rest.judgements, ...gone],
    registrations: [...first.registrations, ...rest.registrations],
  };
}
