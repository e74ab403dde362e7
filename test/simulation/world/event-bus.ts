import type { EventSetup } from '../history.ts';
import { unit } from '../random.ts';
import type { Scheduler } from '../scheduler.ts';

/** On time is what comes within two seconds; what is late comes up to ten minutes later. */
const PROMPT_MS = { least: 300, most: 2_000 };
const LATE_MS = 600_000;

interface SentEvent {
  readonly detail: object;
}

/** EventBridge with a queue behind it: it loses some events, sends others twice, and any of them late, out of order. */
export class EventBus {
  readonly #setup: EventSetup;
  readonly #scheduler: Scheduler;
  #sent = 0;
  /** What the last message said of each task, by its ARN. */
  readonly told = new Map<unknown, Record<string, unknown>>();
  /** Given every message that comes through. */
  onMessage: (body: string) => void = () => {};

  constructor(setup: EventSetup, scheduler: Scheduler) {
    this.#setup = setup;
    this.#scheduler = scheduler;
  }

  send(event: SentEvent): void {
    const { salt, lossRate, doubleRate } = this.#setup;
    const number = ++this.#sent;
    if (unit(salt, number, 0) < lossRate) return;
    const body = JSON.stringify(event);
    const copies = unit(salt, number, 1) < doubleRate ? [2, 3] : [2];
    for (const copy of copies) {
      this.#scheduler.after(this.#delay(number, copy), () => {
        this.told.set(Reflect.get(event.detail, 'taskArn'), { ...event.detail });
        this.onMessage(body);
      });
    }
  }

  #delay(number: number, copy: number): number {
    const { salt, lateRate } = this.#setup;
    const part = unit(salt, number, copy, 1);
    if (unit(salt, number, copy, 0) < lateRate) return Math.floor(part * LATE_MS);
    return PROMPT_MS.least + Math.floor(part * (PROMPT_MS.most - PROMPT_MS.least));
  }
}
