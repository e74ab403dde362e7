import type { Announcer } from './events/announcer.ts';
import type { HealthMemory } from './health/memory/health-memory.ts';
import type { Prober } from './health/prober.ts';
import type { InventoryPort } from './inventory/take-inventory.ts';
import type { Journal } from './journal/journal.ts';
import type { Clock } from './model/clock.ts';
import type { TaskStopper } from './stop/task-stopper.ts';
import type { ZonePort } from './zone/zone-port.ts';

/** The world as a run sees it: the real one, or a simulation's. */
export interface Ports {
  readonly zone: ZonePort;
  readonly inventory: InventoryPort;
  readonly prober: Prober;
  readonly memory: HealthMemory;
  readonly journal: Journal;
  readonly announcer: Announcer;
  readonly stopper: TaskStopper;
  readonly clock: Clock;
}
