import type { ClientKind, Generation, RecordedEvent, Recording } from './recording.ts';

/**
 * | phase | a task … |
 * | --- | --- |
 * | starting | is on its way, and does not answer yet |
 * | ready | answers, and has no record yet |
 * | listed | is in DNS |
 * | draining | is out of DNS, and goes on answering |
 */
export type Phase = 'starting' | 'ready' | 'listed' | 'draining';

export interface Span {
  readonly phase: Phase;
  readonly from: number;
  readonly to: number;
}

export interface TaskLine {
  readonly generation: Generation;
  readonly spans: readonly Span[];
  /** When ECS told it to stop. */
  readonly toldAt: number | undefined;
  /** When its process ended. */
  readonly endedAt: number | undefined;
}

/** What became of each task, in the order of the recording. */
export function taskLines({ tasks, events, seconds }: Recording): readonly TaskLine[] {
  return tasks.map(({ generation }, task) => {
    const own = events.filter((event) => 'task' in event && event.task === task);
    const began = timeOf(own, ({ kind }) => kind === 'task') ?? 0;
    const answers = timeOf(own, (event) => event.kind === 'process' && event.does === 'answers') ?? 0;
    const ended = timeOf(own, (event) => event.kind === 'process' && event.does === 'ends');
    const listed = timeOf(own, (event) => isApplied(event, 'CREATE')) ?? 0;
    const unlisted = timeOf(own, (event) => isApplied(event, 'DELETE'));
    const end = ended ?? seconds;
    const spans: readonly Span[] = [
      { phase: 'starting', from: generation === 'old' ? 0 : began, to: generation === 'old' ? 0 : answers },
      { phase: 'ready', from: answers, to: listed },
      { phase: 'listed', from: listed, to: unlisted ?? end },
      { phase: 'draining', from: unlisted ?? end, to: end },
    ];
    return {
      generation,
      spans: spans.filter(({ from, to }) => to > from),
      toldAt: timeOf(own, (event) => event.kind === 'task' && event.status === 'DEACTIVATING'),
      endedAt: ended,
    };
  });
}

export interface Dot {
  readonly at: number;
  readonly generation: Generation;
  readonly ok: boolean;
}

/** The requests of a client, and who has answered each. */
export function dotsOf({ tasks, events }: Recording, client: ClientKind): readonly Dot[] {
  return events.flatMap((event) => {
    if (event.kind !== 'request' || event.client !== client) return [];
    return [{ at: event.at, ok: event.ok, generation: tasks[event.task]?.generation ?? 'old' }];
  });
}

export interface Step {
  readonly at: number;
  readonly old: number;
  readonly new: number;
}

/** How many records of old and of new tasks there were, at first all old ones, and from each change on. */
export function recordSteps({ tasks, events }: Recording): readonly Step[] {
  const counts = { old: tasks.filter(({ generation }) => generation === 'old').length, new: 0 };
  const steps: Step[] = [{ at: 0, ...counts }];
  for (const event of events) {
    if (event.kind !== 'record' || event.outcome !== 'applied') continue;
    counts[tasks[event.task]?.generation ?? 'old'] += event.change === 'CREATE' ? 1 : -1;
    steps.push({ at: event.at, ...counts });
  }
  return steps;
}

function isApplied(event: RecordedEvent, change: 'CREATE' | 'DELETE'): boolean {
  return event.kind === 'record' && event.change === change && event.outcome === 'applied';
}

function timeOf(
  events: readonly RecordedEvent[],
  isIt: (event: RecordedEvent) => boolean,
): number | undefined {
  return events.find(isIt)?.at;
}
