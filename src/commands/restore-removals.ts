import { normalizeName } from '../model/dns-name.ts';
import type { Removal } from '../model/removal.ts';
import { RunError } from '../model/run-error.ts';
import type { Zone } from '../model/zone.ts';
import { planRestore } from '../plan/restore.ts';
import { eventsOf } from '../publish/events-of.ts';
import { sourceMetadataOf } from '../publish/source-metadata.ts';
import type { Ports } from '../run/ports.ts';
import type { RestorePreview, RestoreResult } from '../run/run.ts';

/** How removals are to be undone. */
export interface RestoreOptions {
  readonly removals: readonly Removal[];
  /** Only looks: nothing is changed, and no approval is asked for. */
  readonly dryRun: boolean;
  /** Asked once it is known what would be put back, if anything; only true lets it be. */
  readonly approve: (preview: RestorePreview) => Promise<boolean>;
  readonly signal?: AbortSignal | undefined;
  /** Epoch milliseconds after which nothing is sent any more, a question not counted. */
  readonly deadline?: number | undefined;
}

/** A restoring takes no inventory. */
const NOTHING_KNOWN = sourceMetadataOf({ judgements: [], containers: [], clusters: [] });

/**
 * Puts back what removals took out of the zone, as far as it was not changed since. Throws a
 * `RunError` before anything is changed; all that fails later is a value in the result.
 */
export async function restore(
  { zone: zonePort, publisher, clock }: Pick<Ports, 'zone' | 'publisher' | 'clock'>,
  { removals, dryRun, approve, signal, deadline = Number.POSITIVE_INFINITY }: RestoreOptions,
): Promise<RestoreResult> {
  const startedAt = clock.now();
  const zone = await zonePort.find(signal);
  const own = removals.filter((removal) => removal.zone.id === zone.id);
  const misnamed = own.find(({ zone: { name } }) => name !== undefined && !isSameName(name, zone.name));
  if (own.length === 0 || misnamed !== undefined) throw wrongZone(zone, removals);
  const plan = planRestore(own, await zonePort.read(zone, signal), zone);
  const preview = { zone, plan };
  const askedAt = clock.now();
  const approved = !dryRun && plan.groups.length > 0 && (await approve(preview));
  const askedMs = clock.now() - askedAt;
  const bounds = { signal, deadline: deadline + askedMs };
  const outcomes = approved ? await zonePort.apply(zone, plan.groups, bounds) : undefined;
  if (outcomes !== undefined) {
    const groups = plan.groups.map((group) => ({ ...group, reasons: ['restored'] }));
    const change = { zone, groups, outcomes, describe: NOTHING_KNOWN, time: clock.now() };
    await publisher.publish(() => eventsOf(change), bounds);
  }
  return { ...preview, startedAt, finishedAt: clock.now(), askedMs, outcomes };
}

function isSameName(left: string, right: string): boolean {
  return normalizeName(left) === normalizeName(right);
}

function wrongZone(zone: Zone, removals: readonly Removal[]): RunError {
  const zones = new Set(
    removals.map(({ zone: { id, name } }) => (name === undefined ? id : `${id} (${name})`)),
  );
  return new RunError(
    'journal',
    `zone: the settings name ${zone.id} (${zone.name}), but the journal holds removals from ${[...zones].join(', ')}: correct the zone, or leave it out`,
  );
}
