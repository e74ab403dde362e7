import { startContainers } from './fleet/containers.ts';
import { type Fleet, generateFleet } from './fleet/generate-fleet.ts';
import { unregistered } from './fleet/unregistered.ts';
import { type SandboxOptions, startSandboxServer } from './server.ts';

/** How large a fleet is wanted, and how AWS is to treat its caller; what is left out is the sample's own. */
export interface SandboxSize extends Pick<SandboxOptions, 'quotas' | 'latencyMs' | 'port'> {
  readonly seed?: number;
  readonly clusters?: number;
  readonly instances?: number;
  readonly tasks?: number;
  /** Under `sync` nothing of the fleet is registered yet. */
  readonly policy?: 'prune' | 'sync';
}

/** A sandbox that is up: the fleet, the server's address, and how many ports of containers answer. */
export interface OpenSandbox {
  readonly fleet: Fleet;
  readonly url: string;
  readonly listening: number;
  close(): Promise<void>;
}

/** One process has file descriptors for a few thousand servers at the most; beyond, nothing listens. */
const MAX_TASKS_WITH_SERVERS = 2_000;

/** The second octets to try, so that several sandboxes can be open on one machine. */
const FIRST_BLOCK = 16;
const LAST_BLOCK = 40;

/** Opens the three APIs with a fleet, whose containers are real servers unless there are too many of them. */
export async function openSandbox(options: SandboxSize & { readonly now: number }): Promise<OpenSandbox> {
  const [fleet, containers] = await startFleet(options);
  const server = await startSandboxServer(fleet.world, serverOptions(options)).catch(async (error) => {
    await containers.close();
    throw error;
  });
  return {
    fleet,
    url: server.url,
    listening: containers.listening,
    close: async () => {
      await Promise.all([server.close(), containers.close()]);
    },
  };
}

function serverOptions({ quotas, latencyMs, port }: SandboxSize): SandboxOptions {
  return { quotas: quotas ?? 'none', latencyMs: latencyMs ?? 0, port: port ?? 0 };
}

async function startFleet(options: SandboxSize & { readonly now: number }) {
  for (let block = FIRST_BLOCK; ; block++) {
    const probed = (options.tasks ?? 0) <= MAX_TASKS_WITH_SERVERS;
    const generated = generateFleet({ ...options, block });
    const fleet = options.policy === 'sync' ? unregistered(generated, { probed }) : generated;
    if (!probed) {
      return [fleet, { listening: 0, close: async () => {} }] as const;
    }
    try {
      return [fleet, await startContainers(fleet)] as const;
    } catch (error) {
      if (block === LAST_BLOCK || !isAddressInUse(error)) throw error;
    }
  }
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
}
