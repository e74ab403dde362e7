import type { EngineEvent } from './engine-api.ts';

/** An event is a few hundred bytes, and as long as its labels; what is longer is none. */
const MAX_LINE = 1_000_000;

/** The events in an engine's stream, an object of JSON a line; whatever is none of those that matter is left out. */
export async function* readEvents(stream: AsyncIterable<Buffer | string>): AsyncGenerator<EngineEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) rest = '';
    for (const line of lines) {
      const event = parseEvent(line);
      if (event !== undefined) yield event;
    }
  }
}

/** Docker has `Action` and `Actor.ID`; podman before 4 has `status` and `id` alone. */
export function parseEvent(line: string): EngineEvent | undefined {
  const fields = parseObject(line);
  const actor: unknown = fields?.['Actor'];
  const containerId = textOf(isRecord(actor) ? actor['ID'] : undefined) ?? textOf(fields?.['id']);
  const told = textOf(fields?.['Action']) ?? textOf(fields?.['status']);
  const action = actionOf(told);
  const isOfContainer = fields?.['Type'] === undefined || fields['Type'] === 'container';
  if (containerId === undefined || action === undefined || !isOfContainer) return undefined;
  return action === 'health'
    ? { action, containerId, health: healthIn(told, actor) }
    : { action, containerId };
}

/** Docker says it in the action, podman in the attributes. */
function healthIn(told: string | undefined, actor: unknown): string {
  const attributes: unknown = isRecord(actor) ? actor['Attributes'] : undefined;
  const known = isRecord(attributes) ? attributes : {};
  return [told, textOf(known['health_status']), textOf(known['containerHealthStatus'])].join(' ').trim();
}

/** Podman's own word for `die` is `died`; a change of health is told as `health_status: healthy`. */
function actionOf(text: string | undefined): EngineEvent['action'] | undefined {
  if (text === 'start') return 'start';
  if (text === 'die' || text === 'died') return 'die';
  return text?.startsWith('health_status') === true ? 'health' : undefined;
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
