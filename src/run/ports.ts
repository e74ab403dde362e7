import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../model/clock.ts';
import type { Prober } from '../probe/prober.ts';
import type { Publisher } from '../publish/publisher.ts';
import type { ZonePort } from '../route53/zone-port.ts';
import type { TaskStopper } from '../sources/ecs/task-stopper.ts';
import type { FleetPort, InventoryPort } from '../sources/inventory-port.ts';
import type { StateStore } from '../state/state-store.ts';

/** The world as a run sees it: the real one, or a simulation's. */
export interface Ports {
  readonly zone: ZonePort;
  readonly inventory: InventoryPort;
  readonly prober: Prober;
  readonly state: StateStore;
  readonly journal: Journal;
  readonly publisher: Publisher;
  readonly stopper: TaskStopper;
  readonly clock: Clock;
}

/** The same, where parts of the fleet can be looked at by themselves. */
export interface FleetPorts extends Ports {
  readonly inventory: FleetPort;
}
