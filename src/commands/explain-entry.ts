import { nearestNames } from '../config/nearest-name.ts';
import { normalizeName, relativeName } from '../model/dns-name.ts';
import { type Entry, entriesOf, entryKey } from '../model/entry.ts';
import { printable } from '../model/printable.ts';
import { type AttemptReport, probeKey } from '../model/probe.ts';
import type { RecordSet } from '../model/record-set.ts';
import { RunError } from '../model/run-error.ts';
import type { Zone } from '../model/zone.ts';
import { decide } from '../plan/decide.ts';
import { explainEntries } from '../plan/explain.ts';
import { graceRule } from '../plan/judge/grace-period.ts';
import { isRemovable } from '../plan/judge/judge-entries.ts';
import { type Selection, selectionOf } from '../plan/match/select-entries.ts';
import type { Plan } from '../plan/plan.ts';
import { confirm } from '../run/confirm.ts';
import { observe } from '../run/observe.ts';
import type { Ports } from '../run/ports.ts';
import type { Explained, MissingRecords, RunOptions, TimedAttempt } from '../run/run.ts';

/**
 * One dry run: zone → inventory → match → probe → judge → confirmation at the entries of a name or set
 * identifier → judge and guard. It changes nothing and remembers nothing. Throws a `RunError` for an entry
 * that the zone does not have, before anything but the zone is read; under `sync`, where nothing is to have it.
 */
export async function explainEntry(selector: string, ports: Ports, options: RunOptions): Promise<Explained> {
  const attempts = new Map<string, TimedAttempt[]>();
  const observation = await observe(watching(ports, selector, attempts, options), options);
  const isSelected = selectionOf(selector, normalizeName(observation.zone.name));
  const draft = decide(observation.matched, observation.facts);
  const asked = draft.judged.filter(({ judgement }) => isSelected(judgement.entry)).filter(isRemovable);

  const { look, inventory, cnames, matched, unseen } = await confirm(asked, observation, ports, options);
  const isAsBefore = matched === observation.matched;
  const decision = isAsBefore ? draft : decide(matched, { ...observation.facts, inventory, cnames });
  const approved = new Set(
    [...draft.plan.removing, ...asked].map(({ judgement }) => entryKey(judgement.entry)),
  );
  const { facts } = observation;
  const explanations = explainEntries(
    decision.judged.filter(({ judgement }) => isSelected(judgement.entry)),
    {
      ...facts,
      judged: decision.judged,
      inventory,
      networkSelfTest: decision.plan.networkSelfTest,
      confirmation: { approved, look },
      graceOf: graceRule(facts.gracePeriodMs, facts.grace),
    },
  );
  const missing = missingOf(decision.plan, isSelected);
  const isFound = explanations.length + missing.registering.length + missing.withheld.length > 0;
  if (!isFound) throw entryNotFound(selector, observation.zone, observation.recordSets);
  const { health } = options;
  return {
    selector,
    observation,
    health,
    finishedAt: ports.clock.now(),
    inventory,
    look,
    unconfirmed: [...look.incomplete, ...unseen],
    explanations,
    missing,
    attempts,
  };
}

function missingOf({ groups, withheld }: Plan, isSelected: Selection): MissingRecords {
  const created = groups
    .filter(({ reasons }) => reasons.includes('missing'))
    .flatMap(({ changes }) => changes.filter(({ action }) => action === 'CREATE'));
  return {
    registering: created
      .map(({ recordSet }) => recordSet)
      .filter(({ Name, SetIdentifier }) =>
        isSelected({ name: normalizeName(Name), setIdentifier: SetIdentifier }),
      ),
    withheld: withheld.filter(({ name }) =>
      isSelected({ name: normalizeName(name), setIdentifier: undefined }),
    ),
  };
}

/** The same ports; a zone without the entry ends the run at once, and attempts are written down. */
function watching(
  ports: Ports,
  selector: string,
  attempts: Map<string, TimedAttempt[]>,
  { sync }: RunOptions,
): Ports {
  const onAttempt = (report: AttemptReport) => {
    const key = probeKey(report.target);
    const timed = { ...report, endedAt: ports.clock.now() };
    const earlier = attempts.get(key);
    if (earlier === undefined) attempts.set(key, [timed]);
    else earlier.push(timed);
  };
  return {
    ...ports,
    zone: {
      ...ports.zone,
      read: async (zone, signal) => {
        const recordSets = await ports.zone.read(zone, signal);
        // Under `sync` an operator may ask for what is not there yet.
        if (sync === undefined) requireEntry(selector, zone, recordSets);
        return recordSets;
      },
    },
    prober: {
      probe: (targets, options, signal) => ports.prober.probe(targets, { ...options, onAttempt }, signal),
    },
  };
}

function requireEntry(selector: string, zone: Zone, recordSets: readonly RecordSet[]): void {
  const zoneName = normalizeName(zone.name);
  const entries = entriesOf(recordSets);
  if (!entries.some(selectionOf(selector, zoneName))) throw entryNotFound(selector, zone, recordSets);
}

function entryNotFound(selector: string, zone: Zone, recordSets: readonly RecordSet[]): RunError {
  const zoneName = normalizeName(zone.name);
  const entries = entriesOf(recordSets);
  const near = nearestEntry(selector, entries, zoneName);
  const advice = near === undefined ? '; `ecs-dns plan --all` lists what it has' : `; did you mean ${near}?`;
  return new RunError(
    'entry-not-found',
    printable(`explain: ${zone.name} has no entry of the name or set identifier "${selector}"${advice}`),
  );
}

/** What was most likely meant: a name or identifier that is nearly the same, or else one that holds it. */
function nearestEntry(selector: string, entries: readonly Entry[], zoneName: string): string | undefined {
  const names = new Set(entries.map(({ name }) => relativeName(name, zoneName)));
  const identifiers = new Set(entries.flatMap(({ setIdentifier }) => setIdentifier ?? []));
  const known = [...names, ...identifiers];
  const written = relativeName(normalizeName(selector), zoneName);
  const [near] = nearestNames(
    written,
    written,
    known.map((name) => ({ name, lastWord: name })),
  );
  return near ?? known.find((name) => written !== '' && name.toLowerCase().includes(written));
}
