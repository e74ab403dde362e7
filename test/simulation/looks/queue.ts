import type { EventQueue, QueueMessage } from '../../../src/triggers/event-queue.ts';
import type { Scheduler } from '../scheduler.ts';

/** As `serverless.yml` has them: so long a message is hidden that was handed out, and so often it is. */
const VISIBILITY_MS = 180_000;
const MAX_RECEIVES = 3;
const BATCH_SIZE = 10;
/** What has something to look at again waits no longer for what else may come. */
const AGAIN_SECONDS = 5;

interface Kept {
  readonly body: string;
  visibleAt: number;
  receives: number;
}

/** A standard queue in virtual time, with the queue for what failed behind it. */
export class SimQueue implements EventQueue {
  readonly #scheduler: Scheduler;
  readonly #messages = new Map<string, Kept>();
  #count = 0;
  #wake: () => void = () => {};

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  deliver(body: string): void {
    this.#messages.set(String(++this.#count), { body, visibleAt: this.#scheduler.now, receives: 0 });
    this.#arrive();
  }

  async receive(waitSeconds: number, signal: AbortSignal | undefined): Promise<readonly QueueMessage[]> {
    const there = this.#take();
    if (there.length > 0 || waitSeconds === 0) return there;
    await this.#arrival(waitSeconds, signal);
    return this.#take();
  }

  async remove(messages: readonly QueueMessage[]): Promise<void> {
    for (const { receipt } of messages) this.#messages.delete(receipt);
  }

  async sendLater(body: string, delaySeconds: number): Promise<void> {
    this.#scheduler.after(1_000 * delaySeconds, () => this.deliver(body));
  }

  #take(): readonly QueueMessage[] {
    const { now } = this.#scheduler;
    const visible = [...this.#messages].filter(([, { visibleAt }]) => visibleAt <= now);
    return visible.slice(0, BATCH_SIZE).flatMap(([receipt, message]) => {
      if (++message.receives > MAX_RECEIVES) {
        this.#messages.delete(receipt);
        return [];
      }
      message.visibleAt = now + VISIBILITY_MS;
      this.#scheduler.at(message.visibleAt, () => this.#arrive());
      return [{ receipt, body: message.body }];
    });
  }

  /** A wait for whatever may come is nothing that still has to happen. */
  #arrival(waitSeconds: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = () => {
        if (this.#wake !== end) return;
        this.#wake = () => {};
        signal?.removeEventListener('abort', end);
        this.#scheduler.wake();
        if (signal?.aborted) reject(signal.reason);
        else resolve();
      };
      this.#wake = end;
      signal?.addEventListener('abort', end, { once: true });
      const isIdle = waitSeconds > AGAIN_SECONDS;
      this.#scheduler.after(1_000 * waitSeconds, end, isIdle);
      if (signal?.aborted) end();
    });
  }

  #arrive(): void {
    this.#wake();
  }
}
