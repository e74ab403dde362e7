import { createHash } from 'node:crypto';
import type { ApprovedPlan } from '../model/approved-plan.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { RunResult } from '../run/run.ts';
import { PLAN_FILE_KIND, PLAN_FILE_VERSION, type PlanFile, planFileSchema } from './plan-file-schema.ts';

/** What a plan file tells of its making, in addition to the plan. */
export interface PlanFileFacts extends Pick<PlanFile, 'worker' | 'force'> {
  readonly settings: Readonly<PlanFile['settings']>;
  readonly places: readonly string[];
}

/** The plan of a run as a file holds it. */
export function buildPlanFile(
  { runId, startedAt, zone, plan, stops }: RunResult,
  { worker, force, settings, places }: PlanFileFacts,
): PlanFile {
  const content: Omit<PlanFile, 'integrity'> = {
    kind: PLAN_FILE_KIND,
    version: PLAN_FILE_VERSION,
    worker,
    runId,
    startedAt: new Date(startedAt).toISOString(),
    zone: { id: zone.id, name: zone.name },
    places: [...places],
    force,
    settings,
    groups: plan.groups.map(({ changes, survivors, reasons }) => ({
      changes: changes.map(({ action, recordSet }) => ({ action, recordSet: plain(recordSet) })),
      ...(survivors === undefined ? {} : { survivors: survivors.map(plain) }),
      reasons: [...reasons],
    })),
    stops: stops
      .filter(({ status }) => status === 'planned')
      .map(({ cluster, service, task, reason }) => ({ cluster, service, task, reason })),
  };
  return { ...content, integrity: integrityOf(content) };
}

function plain(set: RecordSet): PlanFile['groups'][number]['changes'][number]['recordSet'] {
  const { ResourceRecords, ...rest } = set;
  return { ...rest, ...(ResourceRecords && { ResourceRecords: [...ResourceRecords] }) };
}

/** Of the content alone: how the file is laid out is none of it. */
export function integrityOf(content: object): string {
  const { integrity: _, ...rest }: Record<string, unknown> = { ...content };
  return `sha256-${createHash('sha256')
    .update(JSON.stringify(sorted(rest)))
    .digest('hex')}`;
}

/** The same value with the keys of all its objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([key, field]) => [key, sorted(field)]));
}

/** A plan file, or why it is none that can be used, in one line with its remedy. */
export type ReadPlanFile = { readonly file: PlanFile } | { readonly fault: string };

const MAKE_ANEW = 'make a new one with ecs-dns plan --out';

/** Reads the text of a plan file. */
export function readPlanFile(text: string): ReadPlanFile {
  const value = parsed(text);
  if (value === undefined && text.includes(`"${PLAN_FILE_KIND}"`))
    return { fault: `it is cut off, or no JSON any more: ${MAKE_ANEW}` };
  if (typeof value !== 'object' || value === null || Reflect.get(value, 'kind') !== PLAN_FILE_KIND)
    return { fault: 'it is no plan: name a file that ecs-dns plan --out has written' };
  const version: unknown = Reflect.get(value, 'version');
  if (typeof version === 'number' && version > PLAN_FILE_VERSION) {
    const release = JSON.stringify(Reflect.get(value, 'worker'));
    return {
      fault: `it has version ${version} of its format, and this release knows ${PLAN_FILE_VERSION}: apply it with the release that has made it (${release}), or ${MAKE_ANEW}`,
    };
  }
  const file = isPlain(text, value) ? unchanged(value) : undefined;
  return file === undefined ? { fault: `it was changed after it was made: ${MAKE_ANEW}` } : { file };
}

/**
 * Whether a text says nothing but its value: of a field that stands twice a reviewer may read the one, and a parser the
 * other. Blanks may differ.
 */
function isPlain(text: string, value: object): boolean {
  try {
    return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1') === JSON.stringify(value);
  } catch {
    // Nested too deeply.
    return false;
  }
}

function unchanged(value: object): PlanFile | undefined {
  try {
    const { data } = planFileSchema.safeParse(value);
    return data !== undefined && integrityOf(value) === data.integrity ? data : undefined;
  } catch {
    // No plan is nested so deeply that the stack does not hold it.
    return undefined;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a run may do of a plan file. */
export function approvedPlanOf({ zone, startedAt, places, groups, stops }: PlanFile): ApprovedPlan {
  return { zone, startedAt: Date.parse(startedAt), places, groups, stops };
}
