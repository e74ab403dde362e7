import type { Endpoint, IncompleteScope, Notice } from './inventory.ts';
import type { AttemptReport, ProbeOutcome, ProbeTarget } from './probe.ts';

export interface CheckedEndpoint {
  readonly target: ProbeTarget;
  readonly outcome: ProbeOutcome;
  readonly attempts: readonly AttemptReport[];
  /** The container behind it, where the inventory told. */
  readonly endpoint: Endpoint | undefined;
}

export interface CheckResult {
  readonly checked: readonly CheckedEndpoint[];
  /** Endpoints of the service that need no probe, or whose address is unknown. */
  readonly unchecked: readonly Endpoint[];
  readonly incomplete: readonly IncompleteScope[];
  readonly notices: readonly Notice[];
}
