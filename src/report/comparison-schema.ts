import { z } from 'zod';
import { AGENT_FORM_NAMES } from '../model/agent-form.ts';
import { count, documentSchema } from './document.ts';
import { reportSchema } from './report-schema.ts';

const { shape } = reportSchema;
const entry = shape.entries.element;
const recordSet = shape.changes.element.shape.recordSet;

/** A value as a config file would hold it; there is none where nothing is set, or where it is secret. */
const settingValue = z.json().optional();

const record = z.object({
  name: z.string(),
  type: z.string(),
  setIdentifier: z.string().optional(),
  value: z.string(),
  /** As it stands in the zone; absent for what is to be registered. */
  from: recordSet.optional(),
  /** As it is to stand in the zone; absent for what is to be removed. */
  to: recordSet.optional(),
  reasons: z.array(z.string()),
});

/** Each of these lists is in the order of the zone or of the plan. */
const diffs = z.object({ registered: z.array(record), rewritten: z.array(record), removed: z.array(record) });

const eitherWay = z.boolean();

/**
 * What `ecs-dns compare --output json` prints, version 1. Fields may be added within a version; none
 * changes its meaning or goes. All counts are of records, which are values of record sets: a set with two
 * values counts as two. Names, values and record sets are exactly as Route 53 keeps them.
 */
export const comparisonSchema = documentSchema.extend({
  mode: z.literal('compare'),
  zone: shape.zone,
  settings: z.array(z.object({ name: z.string(), from: settingValue, to: settingValue })),
  /** Whether the switch changes a record, or what is managed. */
  changes: z.boolean(),
  summary: z.object({
    entries: count,
    /** What only the switch brings about. */
    registered: count,
    rewritten: count,
    removed: count,
    /** Managed after the switch, and exactly as it is now. */
    left: count,
    leftLive: count,
    /** Not managed after the switch, and left alone. */
    foreign: count,
    entering: count,
    leaving: count,
    heldBack: count,
    withheld: count,
    /** What only a run without the switch would do. */
    lost: count,
    /** What a run does, with the switch or without. */
    eitherWay: count,
  }),
  gained: diffs,
  lost: diffs,
  eitherWay: diffs,
  /** What is managed after the switch and stays as it is; what is live only with `--all`. */
  left: z.array(entry),
  /** What is managed after the switch, and is not yet, with the verdict of then. */
  entering: z.array(entry),
  /** What is managed now, and is not after the switch, with the verdict of now. */
  leaving: z.array(entry),
  /**
   * What is not managed after the switch and looks as an older tool writes it, by form: the code of the form, who writes
   * it, and how many record sets have it. Forms that no set has are left out.
   */
  agentForms: z.array(z.object({ form: z.enum(AGENT_FORM_NAMES), writer: z.string(), recordSets: count })),
  heldBack: z.array(shape.heldBack.element.extend({ eitherWay })),
  withheld: z.array(shape.withheld.element.extend({ eitherWay })),
  networkSelfTest: shape.networkSelfTest,
  probes: shape.probes,
});

export type ComparisonReport = z.infer<typeof comparisonSchema>;
