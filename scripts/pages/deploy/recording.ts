/** What was seen of a deployment, in the order of time; `at` counts in seconds, and tasks by their place in `tasks`. */
export interface Recording {
  readonly ttlSeconds: number;
  /** How long a process goes on answering after SIGTERM. */
  readonly drainSeconds: number;
  readonly seconds: number;
  readonly tasks: readonly RecordedTask[];
  readonly events: readonly RecordedEvent[];
}

export interface RecordedTask {
  readonly generation: Generation;
}

export type Generation = 'old' | 'new';

/** `anew` asks the name server for each request; `cached` keeps an answer for its TTL. */
export type ClientKind = 'anew' | 'cached';

export type RecordedEvent =
  | { readonly at: number; readonly kind: 'deploy' }
  /** ECS has given a task this status. */
  | { readonly at: number; readonly kind: 'task'; readonly task: number; readonly status: string }
  | {
      readonly at: number;
      readonly kind: 'process';
      readonly task: number;
      readonly does: 'answers' | 'ends';
    }
  /** What Route 53 said to a change of the record of a task. */
  | {
      readonly at: number;
      readonly kind: 'record';
      readonly task: number;
      readonly change: 'CREATE' | 'DELETE';
      readonly outcome: string;
    }
  /** The worker has asked a task whether it is healthy. */
  | { readonly at: number; readonly kind: 'probe'; readonly task: number; readonly status: number }
  /** The name server has sent a client to a task, now or within the TTL, and the client has made a request there. */
  | {
      readonly at: number;
      readonly kind: 'request';
      readonly client: ClientKind;
      readonly task: number;
      readonly ok: boolean;
    };

/** A recording as text: an event a line. */
export function writeRecording({ events, ...about }: Recording): string {
  const lines = events.map((event) => `    ${JSON.stringify(event)}`);
  return `${JSON.stringify(about, null, 2).slice(0, -2)},\n  "events": [\n${lines.join(',\n')}\n  ]\n}\n`;
}
