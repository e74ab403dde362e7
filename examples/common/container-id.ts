import { hostname } from 'node:os';
import type { Environment } from './environment.ts';

/** As many digits of a Docker id as `docker ps` shows. */
const SHOWN_DIGITS = 12;
const TIMEOUT_MS = 2_000;

/**
 * What this container is called: as the metadata endpoint of ECS says, else by `HOSTNAME`, which Docker sets to the id.
 * In `awsvpc` mode the host name is that of the network interface, so the endpoint is asked first.
 */
export async function containerId(env: Environment): Promise<string> {
  const told = await askMetadata(env['ECS_CONTAINER_METADATA_URI_V4']);
  return told ?? env['HOSTNAME'] ?? hostname();
}

async function askMetadata(uri: string | undefined): Promise<string | undefined> {
  if (uri === undefined || uri === '') return undefined;
  try {
    const response = await fetch(uri, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    const id: unknown = Reflect.get(Object(await response.json()), 'DockerId');
    if (typeof id !== 'string') return undefined;
    // On Fargate it is the task's id with a number behind it, and whole.
    return /^[0-9a-f]{64}$/.test(id) ? id.slice(0, SHOWN_DIGITS) : id;
  } catch {
    return undefined;
  }
}
