import { within } from './within.ts';

/** A task as the ECS agent of this host tells it. */
export interface LocalTask {
  readonly arn: string;
  readonly isStopping: boolean;
  readonly containerName: string | undefined;
}

/** The agent answers at once or not at all. */
const LIMIT_MS = 1_000;
const MAX_BODY = 8_000_000;

/**
 * The tasks of this host by the Docker ids of their containers, from the introspection endpoint of the ECS agent; none
 * where no agent answers, as on a host outside ECS.
 * Source: Amazon ECS Developer Guide, "Container introspection".
 */
export async function readLocalTasks(
  urls: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, LocalTask>> {
  for (const url of urls) {
    const document = await fetchJson(`${url}/v1/tasks`, signal);
    if (document !== undefined) return tasksIn(document);
  }
  return new Map();
}

async function fetchJson(url: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await within(LIMIT_MS, signal, async (limit) => {
      const answer = await fetch(url, { signal: limit });
      const text = await answer.text();
      return answer.ok && text.length <= MAX_BODY ? JSON.parse(text) : undefined;
    });
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

function tasksIn(document: unknown): ReadonlyMap<string, LocalTask> {
  const tasks = new Map<string, LocalTask>();
  for (const task of listOf(document, 'Tasks')) {
    const arn = textOf(task, 'Arn');
    if (arn === undefined) continue;
    const isStopping = textOf(task, 'DesiredStatus') === 'STOPPED';
    for (const container of listOf(task, 'Containers')) {
      const id = textOf(container, 'DockerId');
      if (id !== undefined) tasks.set(id, { arn, isStopping, containerName: textOf(container, 'Name') });
    }
  }
  return tasks;
}

function listOf(value: unknown, key: string): readonly unknown[] {
  const list = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return Array.isArray(list) ? list : [];
}

function textOf(value: unknown, key: string): string | undefined {
  const text: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
}
