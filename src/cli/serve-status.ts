import { systemClock } from '../aws/system-clock.ts';
import type { Settings } from '../config/settings.ts';
import type { FollowEvent } from '../watch/follow-events.ts';
import { readListenAddress } from '../watch/listen-address.ts';
import type { Liveness } from '../watch/liveness.ts';
import { createPrometheusMetrics, type MetricsOrigin } from '../watch/prometheus.ts';
import { keepReadiness, type Readiness } from '../watch/readiness.ts';
import { startStatusServer } from '../watch/status-server.ts';
import { createStatusSite, type StatusAbout } from '../watch/status-site.ts';
import type { Worker } from '../worker.ts';
import type { Call } from './call.ts';
import { VERSION } from './version.ts';

/** What a server tells of its command before anything has happened. */
interface Served {
  readonly stop: AbortSignal;
  readonly liveness: Pick<Liveness, 'read'>;
  readonly origin: MetricsOrigin;
  readonly about: StatusAbout;
  readonly worker: Pick<Worker, 'quotas'>;
}

const NOT_SERVED = {
  server: undefined,
  observers: [],
  observeEvents: () => {},
  scheduled: () => {},
};

/** The server, if one is wanted, and those who keep what it tells. */
export async function startStatus(
  listen: string | undefined,
  { stop, liveness, origin, about, worker }: Served,
) {
  if (listen === undefined) return NOT_SERVED;
  const address = readListenAddress(listen);
  const metrics = createPrometheusMetrics(origin);
  const keeper = keepReadiness();
  const readiness = (): Readiness =>
    stop.aborted ? { ready: false, reason: 'stopping' } : keeper.read(systemClock.now());
  const site = createStatusSite(about, systemClock, { readiness, quotas: () => worker.quotas() });
  const server = await startStatusServer(address, {
    ...site.pages,
    registry: metrics.page,
    liveness: () => liveness.read(systemClock.now()),
    readiness,
  });
  return {
    server,
    observers: [metrics.observe, keeper.observe, site.observe],
    observeEvents: (event: FollowEvent) => {
      metrics.observeEvents(event);
      site.observeEvents(event);
    },
    scheduled: site.scheduled,
  };
}

/** What the metrics say of themselves; `intervalMs` is the time between two runs. */
export function originOf(
  { zone }: Pick<Settings, 'zone'>,
  { source }: Pick<Worker, 'source'>,
  intervalMs: number,
): MetricsOrigin {
  return { zone: zoneWord(zone), source, version: VERSION, intervalMs };
}

/** What the status page says of a command before anything has run. */
export function aboutOf(
  { settingsInForce }: Pick<Call, 'settingsInForce'>,
  { zone, events }: Pick<Settings, 'zone' | 'events'>,
  command: 'watch' | 'agent',
  schedule: string,
): StatusAbout {
  const followsEvents = command === 'watch' && events !== undefined;
  return { command, schedule, zone: zoneWord(zone), settings: settingsInForce(), followsEvents };
}

/** The zone as the settings name it. */
export function zoneWord(zone: Settings['zone']): string {
  return zone.kind === 'id' ? zone.id : zone.name;
}
