import { type DecidingSettings, decidingDifferences } from '../config/deciding-settings.ts';
import type { Settings } from '../config/settings.ts';
import { normalizeName } from '../model/dns-name.ts';
import { durationText, formatDuration } from '../model/duration.ts';
import { RunError } from '../model/run-error.ts';
import type { PlanFile } from '../report/plan-file-schema.ts';
import { otherZone } from '../run/check-approved.ts';

/** What a plan is held against before anything is asked of AWS. */
export interface PlanUse {
  readonly settings: Settings;
  readonly deciding: DecidingSettings;
  readonly force: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Throws a `RunError` for a plan that was made otherwise than it is to be applied, or too long ago. */
export function checkPlan(file: PlanFile, path: string, use: PlanUse): void {
  const why = objectionTo(file, use);
  if (why !== undefined) throw new RunError('plan-file', `${path}: ${why}`);
}

function objectionTo(file: PlanFile, use: PlanUse): string | undefined {
  return (
    zoneObjection(file, use) ??
    forceObjection(file, use) ??
    settingsObjection(file, use) ??
    ageObjection(file, use)
  );
}

function zoneObjection({ zone }: PlanFile, { settings: { zone: given } }: PlanUse): string | undefined {
  const isSame = given.kind === 'id' ? given.id === zone.id : given.name === normalizeName(zone.name);
  return isSame ? undefined : otherZone(zone, given.kind === 'id' ? given.id : given.name);
}

function forceObjection(file: PlanFile, { force }: PlanUse): string | undefined {
  if (file.force === force) return undefined;
  return force
    ? 'it was made without --force: leave it out, or make a new plan with it'
    : 'it was made with --force: apply it with --force, or make a new plan without';
}

function settingsObjection({ settings }: PlanFile, { deciding }: PlanUse): string | undefined {
  const [first, ...others] = decidingDifferences(settings, deciding);
  if (first === undefined) return undefined;
  const more = others.length === 0 ? '' : ` (and so it is with ${others.map(({ name }) => name).join(', ')})`;
  return `it was made with ${first.name} ${written(first.before)}, which is ${written(first.now)} now${more}: use the settings of the plan, or make a new one`;
}

function written(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Clocks of two machines may differ by so much. */
const SKEW_MS = 60_000;

function ageObjection(
  { startedAt }: PlanFile,
  { settings: { guardrails }, now }: PlanUse,
): string | undefined {
  const ageMs = now - Date.parse(startedAt);
  if (ageMs < -SKEW_MS)
    return `it was read at ${startedAt}, which is yet to come: set the clocks right, and make a new plan`;
  if (ageMs < guardrails.maxPlanAgeMs) return undefined;
  const limit = formatDuration(guardrails.maxPlanAgeMs);
  return `it was read at ${startedAt}, ${durationText(ageMs)} ago, and guardrails.maxPlanAge is ${limit}: make a new plan, or allow more with --guardrails-max-plan-age`;
}
