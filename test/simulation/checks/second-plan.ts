import { normalizeName } from '../../../src/model/dns-name.ts';
import { valuesOf } from '../../../src/model/record-set.ts';
import type { RunResult } from '../../../src/run/run.ts';
import type { Session } from '../aws/session.ts';
import type { Report } from './violation.ts';

/** A run with what it said. */
export interface Ended {
  readonly session: Session;
  readonly result: RunResult;
}

/**
 * In quiet, a run leaves nothing to the next one, but for names of which it said so: what it held back, what has
 * to fail or to pass once more, what it could not ask, what is drained and waits for its successor to be known as
 * live, what is of weight 0 next to what it changed, and what agents have written since: they put back what is missing.
 */
export function checkSecondPlan(first: Ended, second: Ended, report: Report): void {
  const waiting = new Set([
    ...pending(first.result),
    ...pending(second.result),
    ...relieved(first.result),
    ...writtenByAgents(first.session),
  ]);
  const single = singled(first.result);
  for (const { key, changes, reasons } of second.result.plan.groups) {
    const name = normalizeName(changes[0]?.recordSet.Name ?? '');
    const isDuplicate = single.has(name) && reasons.every((reason) => reason === 'duplicate');
    const isExpected =
      isDuplicate || waiting.has(name) || changes.every(({ recordSet }) => recordSet.Type === 'A');
    if (!isExpected) report('second-plan', `${key} was right before, and nothing has changed`);
  }
}

function writtenByAgents({ world, startedAt }: Session): readonly string[] {
  const written = world.zone.writes.filter(({ by, time }) => by === 'agent' && time >= startedAt);
  return written.map(({ before, after }) => normalizeName((after ?? before)?.Name ?? ''));
}

const PENDING: ReadonlySet<string> = new Set([
  'below-threshold',
  'recovering',
  'grace-period',
  // Silence tells nothing where a known container is silent, too, and whose entry the first run takes out.
  'checker-error',
  // Until the set of another kind has gone, and that takes a run.
  'name-taken',
]);

function pending({ plan: { judgements, heldBack, withheld } }: RunResult): readonly string[] {
  return [
    ...judgements.filter(({ reason }) => PENDING.has(reason)).map(({ entry }) => entry.name),
    ...heldBack.map(({ judgement }) => judgement.entry.name),
    ...withheld.filter(({ reason }) => PENDING.has(reason)).map(({ name }) => normalizeName(name)),
  ];
}

/** A set that is left with one value is a set of its own from then on, next to which another value is one too many. */
function singled({ plan: { groups } }: RunResult): ReadonlySet<string> {
  const written = groups.flatMap(({ changes }) => (changes.length > 1 ? changes : []));
  const single = written.filter(
    ({ action, recordSet }) => action === 'CREATE' && valuesOf(recordSet).length === 1,
  );
  return new Set(single.map(({ recordSet }) => normalizeName(recordSet.Name)));
}

/** A set of weight 0 is answered, and so counts, only once what outweighs it has gone. */
function relieved({ plan: { judgements, groups } }: RunResult): readonly string[] {
  const changed = new Set(
    groups.flatMap(({ changes }) => changes.map(({ recordSet }) => normalizeName(recordSet.Name))),
  );
  const light = judgements.filter(({ entry: { recordSet } }) => recordSet.Weight === 0);
  return light.map(({ entry }) => entry.name).filter((name) => changed.has(name));
}
