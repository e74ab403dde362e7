import type { ChildProcess } from 'node:child_process';
import { expect, onTestFinished } from 'vitest';
import { openNameServer } from '../../../src/sandbox/dns/open-name-server.ts';
import { type VirtualTime, virtualTime } from '../../watch/virtual-time.ts';
import { cliEnv, runCli } from '../support.ts';
import { type DnsClient, newDnsClient } from './dns-client.ts';
import { openRollout, type Rollout, SERVICE_NAME, ZONE_NAME } from './rollout.ts';

export interface SceneOptions {
  /** How long a container goes on answering after SIGTERM. */
  readonly drainMs: number;
  /** Whether the worker follows events, or looks but once an hour. */
  readonly events: boolean;
  /** How many targets a request may try. */
  readonly targets?: number;
}

/** How many requests were made, and how many of them got no answer. */
export interface Outcomes {
  readonly requests: number;
  readonly failed: number;
}

/** Requests of clients that ask the name server each time, and of those that keep an answer for its TTL. */
export interface Tally {
  readonly anew: Outcomes;
  readonly cached: Outcomes;
}

/** A service in DNS, the built command that watches it, and clients of it, in a time that goes on only when it is told to. */
export interface Scene {
  readonly rollout: Rollout;
  /** Goes on by half a second at a time, and has every client make a request at each step, until `isOver`. */
  readonly play: (isOver: (steps: number) => boolean) => Promise<Tally>;
}

const TASKS = 5;
/** One for each step of a TTL. */
export const CLIENTS = 10;
export const TTL_SECONDS = 5;
export const STEP_MS = 500;
/** How much later an event comes than what it tells: several steps, so that what ends at once is missed for some. */
export const LAG_MS = 3_000;
/** More steps than any deployment takes. */
const MAX_STEPS = 400;

/** Opens a scene in which all tasks are registered; it ends with the test. */
export async function openScene(options: SceneOptions): Promise<Scene> {
  const clock = virtualTime({ start: Date.now() });
  const service = { tasks: TASKS, ttlSeconds: TTL_SECONDS, lagMs: LAG_MS };
  const rollout = await openRollout({ ...service, clock, drainMs: options.drainMs });
  onTestFinished(() => rollout.close());
  const nameServer = await openNameServer({ world: rollout.world });
  onTestFinished(() => nameServer.close());
  watch(rollout, options.events);
  await expect.poll(() => rollout.tasks().every(rollout.isRegistered)).toBe(true);
  const name = `${SERVICE_NAME}.${ZONE_NAME}`;
  const clientsThat = (caches: boolean) =>
    Array.from({ length: CLIENTS }, () =>
      newDnsClient({ nameServer, name, clock, caches, targets: options.targets ?? 1 }),
    );
  const [anew, cached] = [clientsThat(false), clientsThat(true)];
  let begun = 0;
  return {
    rollout,
    play: async (isOver) => {
      let tally: Tally = { anew: { requests: 0, failed: 0 }, cached: { requests: 0, failed: 0 } };
      for (let steps = 0; !isOver(steps); steps++) {
        if (steps === MAX_STEPS) throw new Error(`it is not over after ${MAX_STEPS} steps`);
        await goOn(clock, rollout, options.events);
        // One more client at each step, so that not all caches run out at once.
        begun += 1;
        tally = {
          anew: await requestAll(anew.slice(0, begun), tally.anew),
          cached: await requestAll(cached.slice(0, begun), tally.cached),
        };
      }
      return tally;
    },
  };
}

/** Time stands still until the worker has acted on what it was told: however slow the machine is, the worker is at once. */
async function goOn(clock: VirtualTime, { queue }: Rollout, events: boolean): Promise<void> {
  await clock.advance(STEP_MS);
  if (events) await expect.poll(() => queue.size).toBe(0);
}

async function requestAll(clients: readonly DnsClient[], before: Outcomes): Promise<Outcomes> {
  const requests = await Promise.all(clients.map((client) => client.request()));
  const failed = requests.filter((attempts) => attempts.at(-1)?.ok === false).length;
  return { requests: before.requests + requests.length, failed: before.failed + failed };
}

/** Runs the built command until the test is over. */
function watch({ server, queueUrl }: Rollout, events: boolean): void {
  const args = ['watch', '--zone', ZONE_NAME, '--policy', 'sync', '--every', '1h', '--grace', '0s'];
  const all = events ? [...args, '--events', queueUrl] : args;
  let process: ChildProcess | undefined;
  const ended = runCli(all, cliEnv(server.url), (child) => {
    process = child;
  });
  onTestFinished(async () => {
    process?.kill('SIGTERM');
    await ended;
  });
}
