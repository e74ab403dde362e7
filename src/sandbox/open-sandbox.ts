import { claimBlock, FIRST_BLOCK, LAST_BLOCK } from './claim-block.ts';
import { type NameServer, openNameServer } from './dns/open-name-server.ts';
import { NO_CONTAINERS, type ServedContainers, startContainers } from './fleet/containers.ts';
import { type Fleet, generateFleet } from './fleet/generate-fleet.ts';
import { type Predecessor, predecessorFleet } from './fleet/predecessors.ts';
import { unregistered } from './fleet/unregistered.ts';
import { type OpenApis, openApis } from './open-apis.ts';
import type { SandboxOptions } from './server.ts';
import { Random } from './world/random.ts';
import type { World } from './world/world.ts';

/** How large a fleet is wanted, and how AWS is to treat its caller; what is left out is the sample's own. */
export interface SandboxSize extends Pick<SandboxOptions, 'quotas' | 'latencyMs' | 'port'> {
  readonly seed?: number;
  readonly clusters?: number;
  readonly instances?: number;
  readonly tasks?: number;
  /** Under `sync` nothing of the fleet is registered yet. */
  readonly policy?: 'prune' | 'sync';
  /** A small fleet instead, and a zone as this system has left it. */
  readonly predecessor?: Predecessor;
  /** The port of a name server for the zones, 0 for any that is free; without it there is none. */
  readonly dnsPort?: number;
}

export interface OpenSandboxOptions extends SandboxSize, Pick<SandboxOptions, 'intercept'> {
  /** Epoch milliseconds; the fleet has a container that started a moment before. Default is the time it is. */
  readonly now?: number;
}

/** A sandbox that is up. */
export interface OpenSandbox extends OpenApis {
  /** What runs, what its zone says of it, and what is to be made of that. */
  readonly fleet: Fleet;
  /** How many ports of containers answer. */
  readonly listening: number;
  /** The servers of the containers. */
  readonly containers: ServedContainers;
  /** What answers from the zones, where it was asked for. */
  readonly nameServer: NameServer | undefined;
  /** Stops the servers and all containers, and destroys every connection. */
  close(): Promise<void>;
}

/** One process has file descriptors for a few thousand servers at the most; beyond, nothing listens. */
const MAX_TASKS_WITH_SERVERS = 2_000;

/**
 * Opens the AWS APIs of a made-up account on a port of this machine, with a fleet whose containers are real
 * servers on loopback addresses, unless there are more than 2,000 of them.
 *
 * Rejects when `port` or `dnsPort` is taken, or when no block of loopback addresses is free.
 *
 * @example
 * const sandbox = await openSandbox({ tasks: 24 });
 * const access = {
 *   endpoint: sandbox.url,
 *   region: sandbox.fleet.world.region,
 *   credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
 * };
 * const settings = parseSettings({ env: {}, flags: { '--zone': sandbox.fleet.zone.name } });
 * const worker = createWorker(settings, { access });
 * // … run the worker, look at sandbox.fleet.zone.list() …
 * worker.close();
 * await sandbox.close();
 */
export async function openSandbox(options: OpenSandboxOptions = {}): Promise<OpenSandbox> {
  const [fleet, containers] = await startFleet({ ...options, now: options.now ?? Date.now() });
  const apis = await openApis(fleet.world, serverOptions(options)).catch(async (error) => {
    await containers.close();
    throw error;
  });
  const nameServer = await answerNames(fleet.world, options).catch(async (error) => {
    await Promise.all([apis.close(), containers.close()]);
    throw error;
  });
  return {
    ...apis,
    fleet,
    listening: containers.listening,
    containers,
    nameServer,
    close: async () => {
      await Promise.all([apis.close(), containers.close(), nameServer?.close()]);
    },
  };
}

// Draws of their own, so that what clients ask does not change which ids the world gives next.
async function answerNames(
  world: World,
  { dnsPort, seed = 1 }: SandboxSize,
): Promise<NameServer | undefined> {
  return dnsPort === undefined
    ? undefined
    : openNameServer({ world, port: dnsPort, random: new Random(seed) });
}

function serverOptions({ quotas, latencyMs, port, intercept }: OpenSandboxOptions): SandboxOptions {
  const asked = { quotas: quotas ?? 'none', latencyMs: latencyMs ?? 0, port: port ?? 0 };
  return { ...asked, ...(intercept === undefined ? {} : { intercept }) };
}

async function startFleet(options: OpenSandboxOptions & { readonly now: number }) {
  for (let block = FIRST_BLOCK; ; block++) {
    const probed = (options.tasks ?? 0) <= MAX_TASKS_WITH_SERVERS;
    const fleet = newFleet({ ...options, block }, probed);
    if (!probed) {
      return [fleet, NO_CONTAINERS] as const;
    }
    try {
      return [fleet, await startInBlock(fleet, block)] as const;
    } catch (error) {
      if (block === LAST_BLOCK || !isAddressInUse(error)) throw error;
    }
  }
}

async function startInBlock(fleet: Fleet, block: number): Promise<ServedContainers> {
  const release = await claimBlock(block);
  const containers = await startContainers(fleet).catch(async (error) => {
    await release();
    throw error;
  });
  return {
    ...containers,
    get listening() {
      return containers.listening;
    },
    close: async () => {
      await containers.close();
      await release();
    },
  };
}

function newFleet(options: SandboxSize & { readonly block: number }, probed: boolean): Fleet {
  const { predecessor, block, policy } = options;
  if (predecessor !== undefined) return predecessorFleet(predecessor, { block });
  const generated = generateFleet(options);
  return policy === 'sync' ? unregistered(generated, { probed }) : generated;
}

function isAddressInUse(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE';
}
