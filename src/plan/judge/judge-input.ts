import type { Entry } from '../../model/entry.ts';
import type { HealthHistory, HealthThresholds } from '../../model/health-history.ts';
import type { UnknownHostLookup } from '../../model/inventory.ts';
import type { ProbeOutcome } from '../../model/probe.ts';
import type { Protections } from '../../model/protection.ts';
import type { CandidateAnswer } from './candidate-answer.ts';
import type { GraceOf } from './grace-period.ts';
import type { Outside } from './host-coverage.ts';
import type { ProbeRule } from './probe-targets.ts';

/** What judging knows apart from the matches. Times in milliseconds. */
export interface JudgeInput extends ProbeRule {
  /** Outcomes by `probeKey`; a target that is missing was not probed before time ran out. */
  readonly outcomes: ReadonlyMap<string, ProbeOutcome>;
  /** What stale entries answered when they were asked themselves, by `entryKey`; those that were not are missing. */
  readonly answers: ReadonlyMap<string, CandidateAnswer>;
  readonly history: HealthHistory;
  readonly thresholds: HealthThresholds;
  readonly graceOf: GraceOf;
  readonly unknownHosts: UnknownHostLookup;
  /** Whether a host that no cluster has registered may belong to another region or VPC. */
  readonly outside: Outside;
  /** Whether what runs on a host that is being drained is to leave the zone. */
  readonly drains: boolean;
  /** The record set protections of the zone, where they were read. */
  readonly protections?: Protections | undefined;
  /** Whether only a part of the fleet was looked at. */
  readonly isScope: boolean;
  readonly now: number;
}

/** What a rule looks at, apart from the match. */
export interface RuleFacts {
  readonly entry: Entry;
  /** `undefined` for what needs no probe, or cannot be probed. */
  readonly outcome: ProbeOutcome | undefined;
  readonly input: JudgeInput;
}
