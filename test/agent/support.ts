import { onTestFinished } from 'vitest';
import { createHostPasses, type HostPasses } from '../../src/agent/host-passes.ts';
import { hostSettings } from '../../src/agent/host-settings.ts';
import { createHostZone } from '../../src/agent/host-zone.ts';
import { conductPass, runAgent } from '../../src/agent/run-agent.ts';
import { parseSettings } from '../../src/config/parse-settings.ts';
import type { FlagValues } from '../../src/config/read-texts.ts';
import type { RecordSet } from '../../src/model/record-set.ts';
import type { HostedZone } from '../../src/sandbox/world/hosted-zone.ts';
import { dockerEngine } from '../../src/sources/docker/docker-engine.ts';
import { createDockerInventory, departingHost } from '../../src/sources/docker/docker-inventory.ts';
import type { HostIdentity } from '../../src/sources/docker/host-identity.ts';
import { keepLiveness } from '../../src/watch/liveness.ts';
import type { WatchEvent } from '../../src/watch/watch-event.ts';
import { createWorker } from '../../src/worker.ts';
import { UNWAITING_CLOCK, ZONE_NAME } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import type { FakeEngine } from './fake-engine.ts';

const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'AKIASANDBOX', secretAccessKey: 'sandbox' };

/** A full Docker id; its first twelve digits tell one number from another. */
export function dockerId(n: number): string {
  return n.toString(16).padStart(12, '0').padEnd(64, 'f');
}

/** An agent of one host, on a fake engine and the sandbox. */
export interface TestAgent {
  readonly identity: HostIdentity;
  readonly passes: HostPasses;
  readonly events: readonly WatchEvent[];
  /** One pass over all of the zone. */
  sync(): Promise<void>;
  /** Follows the engine until the test is over, or `stop` is called. */
  follow(): { stop(): Promise<void> };
  /** Takes all of the host out of the zone. */
  remove(): Promise<void>;
}

export async function openAgent(
  server: TestServer,
  engine: FakeEngine,
  identity: HostIdentity,
  flags: FlagValues = {},
): Promise<TestAgent> {
  const given = parseSettings({
    env: {},
    flags: { '--zone': ZONE_NAME, '--journal': 'none', ...flags },
  });
  const settings = hostSettings(given, identity.hostName);
  const access = { endpoint: server.url, region: REGION, credentials: CREDENTIALS };
  const clock = UNWAITING_CLOCK;
  const api = await dockerEngine(engine.socketPath);
  const { waitForHealthy } = given.agent;
  const inventory = createDockerInventory({
    engine: api,
    identity,
    region: REGION,
    waitForHealthy,
    introspection: [],
    clock,
  });
  const zone = createHostZone(identity.hostName);
  const options = { access, clock, paced: false, maxAttempts: 1 };
  const worker = createWorker(settings, { ...options, inventory, narrowZone: zone.wrap });
  const leaving = createWorker(settings, { ...options, inventory: departingHost(identity, REGION) });
  onTestFinished(() => worker.close());
  onTestFinished(() => leaving.close());
  const passes = createHostPasses({ worker, zone, inventory, settings: given, clock });
  const events: WatchEvent[] = [];
  const never = new AbortController().signal;
  const bounds = { clock, graceMs: 0, timeoutMs: 600_000, liveness: keepLiveness() };
  const one = async (run: HostPasses['run']) => {
    const end = await conductPass({ names: undefined }, { ...bounds, stop: never, passes: { run } });
    if (end.kind === 'failed') throw end.error;
  };
  return {
    identity,
    passes,
    events,
    sync: () => one((...pass) => passes.run(...pass)),
    remove: () => one((_, request) => leaving.run(request)),
    follow: () => {
      const control = new AbortController();
      const running = runAgent({
        ...bounds,
        stop: control.signal,
        passes,
        engine: api,
        everyMs: 600_000,
        disconnected: inventory.disconnected,
        observe: (event) => void events.push(event),
      });
      const stop = async () => {
        control.abort(new Error('the test is over'));
        await running;
      };
      onTestFinished(stop);
      return { stop };
    },
  };
}

/** The record sets of a zone as one can compare them: name, type, identifier, weight, TTL, value. */
export function rows(zone: Pick<HostedZone, 'list'>): readonly string[] {
  return zone
    .list()
    .filter(({ Type }) => Type !== 'NS' && Type !== 'SOA')
    .map(rowOf)
    .toSorted();
}

export function rowOf({ Name, Type, SetIdentifier, Weight, TTL, ResourceRecords = [] }: RecordSet): string {
  const values = ResourceRecords.map(({ Value }) => Value).join(', ');
  return [Name.replace(`.${ZONE_NAME}.`, ''), Type, SetIdentifier, Weight, TTL, values].join(' | ');
}
