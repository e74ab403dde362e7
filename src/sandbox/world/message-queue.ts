/** A message of a queue; times in epoch milliseconds. */
interface KeptMessage {
  readonly id: string;
  readonly body: string;
  readonly sentAt: number;
  visibleAt: number;
  receipt: string | undefined;
  receives: number;
}

/** A message as a receiver gets it. */
export interface ReceivedMessage {
  readonly id: string;
  readonly body: string;
  readonly receipt: string;
  readonly receives: number;
  readonly sentAt: number;
}

/** So long a message is kept that no consumer takes. */
const RETENTION_MS = 4 * 24 * 3_600_000;

/** Whether a receipt is in the form of those that queues give out. */
export function isReceipt(receipt: string): boolean {
  return receipt.startsWith('receipt-');
}

/** A standard queue of SQS: what was received is hidden for a while, and comes again unless it was deleted. */
export class MessageQueue {
  readonly name: string;
  readonly arn: string;
  readonly visibilityMs: number;
  #messages: KeptMessage[] = [];
  #waiting = new Set<() => void>();
  #count = 0;

  constructor(name: string, arn: string, visibilityMs = 30_000) {
    this.name = name;
    this.arn = arn;
    this.visibilityMs = visibilityMs;
  }

  /** How many messages there are, hidden ones too. */
  get size(): number {
    return this.#messages.length;
  }

  send(body: string, now: number, delayMs = 0): string {
    const id = `message-${++this.#count}`;
    const message = { id, body, sentAt: now, visibleAt: now + delayMs, receipt: undefined, receives: 0 };
    this.#messages = [...this.#messages.filter(({ sentAt }) => sentAt > now - RETENTION_MS), message];
    for (const wake of this.#waiting) wake();
    return id;
  }

  receive(max: number, visibilityMs: number, now: number): readonly ReceivedMessage[] {
    const visible = this.#messages.filter(({ visibleAt }) => visibleAt <= now).slice(0, max);
    return visible.map((message) => {
      message.receives++;
      message.receipt = `receipt-${message.id}-${message.receives}`;
      message.visibleAt = now + visibilityMs;
      const { id, body, receipt, receives, sentAt } = message;
      return { id, body, receipt, receives, sentAt };
    });
  }

  /** Whether the receipt was the last one that was given out for a message. */
  delete(receipt: string): boolean {
    const before = this.#messages.length;
    this.#messages = this.#messages.filter((message) => message.receipt !== receipt);
    return this.#messages.length < before;
  }

  /** When the next message can be received; `undefined` where there is none. */
  nextAt(): number | undefined {
    return this.#messages.length === 0 ? undefined : Math.min(...this.#messages.map((one) => one.visibleAt));
  }

  /** Calls `wake` with every message that is sent; what it returns ends that. */
  onSend(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => void this.#waiting.delete(wake);
  }
}
