/** A message as SQS hands it out; `receipt` is what it is deleted by. */
export interface QueueMessage {
  readonly receipt: string;
  readonly body: string;
  /** When it was sent, in epoch milliseconds, where the queue tells. */
  readonly sentAt?: number | undefined;
}

/** The queue that gets the events of ECS. */
export interface EventQueue {
  /** Messages that are there; waits so long (in seconds, at most 20) for the first one. */
  receive(waitSeconds: number, signal: AbortSignal | undefined): Promise<readonly QueueMessage[]>;
  remove(messages: readonly QueueMessage[], signal: AbortSignal | undefined): Promise<void>;
  /** Sends a message that comes after so many seconds. */
  sendLater(body: string, delaySeconds: number, signal: AbortSignal | undefined): Promise<void>;
}

/** The region of a queue, where its URL tells it; an emulator's does not. */
export function queueRegion(url: string): string | undefined {
  return /^https?:\/\/sqs\.([a-z0-9-]+)\./.exec(url)?.[1];
}
