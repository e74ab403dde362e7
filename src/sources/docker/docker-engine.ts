import { RunError } from '../../model/run-error.ts';
import type { EngineApi, Inspection } from './engine-api.ts';
import { readEvents } from './engine-events.ts';
import { within } from './within.ts';

/** An engine answers in milliseconds; one that takes so long hangs. */
const REQUEST_LIMIT_MS = 5_000;
/** Podman filters by its own word for `die`. */
const FILTERS = { type: ['container' as const], event: ['start', 'die', 'died', 'health_status'] };

/**
 * The container engine behind a socket, by Docker's API, which podman has as well. Without a path, dockerode looks at
 * `DOCKER_HOST`, and then at /var/run/docker.sock. dockerode is loaded here alone, on demand.
 */
export async function dockerEngine(socketPath: string | undefined): Promise<EngineApi> {
  const { default: Docker } = await import('dockerode');
  const docker = socketPath === undefined ? new Docker() : new Docker({ socketPath });
  return {
    listRunning: (signal) =>
      asked(signal, async (abortSignal) => {
        const containers = await docker.listContainers({ abortSignal });
        return containers.map(({ Id }) => Id);
      }),
    inspect: (containerId, signal) =>
      asked(signal, async (abortSignal): Promise<Inspection | undefined> => {
        try {
          return (await docker.getContainer(containerId).inspect({ abortSignal })) as Inspection;
        } catch (error) {
          if (statusOf(error) === 404) return undefined;
          throw error;
        }
      }),
    events: async (signal) => {
      const control = new AbortController();
      const end = () => control.abort(signal.reason);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      // An engine that is away for long is asked again and again, with the same signal.
      const release = () => signal.removeEventListener('abort', end);
      try {
        const stream = await asked(signal, (limit) => {
          limit.addEventListener('abort', () => control.abort(limit.reason), { once: true });
          return docker.getEvents({ filters: FILTERS, abortSignal: control.signal });
        });
        stream.once('close', release);
        return readEvents(stream);
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}

async function asked<T>(
  signal: AbortSignal | undefined,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await within(REQUEST_LIMIT_MS, signal, ask);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
    throw new RunError('engine', `the container engine cannot be asked (${text}): ${REMEDY}`, error);
  }
}

const REMEDY = 'mount its socket, and name it with agent.socket if it is not /var/run/docker.sock';

function statusOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, 'statusCode') : undefined;
}
