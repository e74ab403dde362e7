import type { Fleet } from '../fleet/generate-fleet.ts';
import type { ProcessContainers } from '../fleet/process-containers.ts';
import type { RestartThrottle } from '../fleet/restart-throttle.ts';
import type { Balancers } from './balancers.ts';

/** What the page shows. */
export interface ControlView {
  readonly fleet: Fleet;
  readonly containers: ProcessContainers;
  readonly balancers: Balancers;
  readonly restarts: RestartThrottle;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
