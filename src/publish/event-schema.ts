import { z } from 'zod';
import { recordSetSchema } from '../aws/record-set-schema.ts';

export const EVENT_SOURCE = 'ecs-dns';

/** What is told, as EventBridge's `detail-type`. */
export const DETAIL_TYPES = {
  registered: 'ECS DNS Record Registered',
  removed: 'ECS DNS Record Removed',
} as const;

const value = z
  .object({
    value: z.string().describe('As it stands in the record set.'),
    reason: z.string().optional().describe('Why it was removed: the reason code of its verdict.'),
    cluster: z.string().optional().describe('The name of the ECS cluster.'),
    task: z.string().optional().describe('The ARN of the ECS task that it leads to.'),
    container: z.string().optional().describe("The container's name in its task definition."),
    containerId: z.string().optional().describe('The Docker id in the set identifier.'),
    instance: z.string().optional().describe('The id of the EC2 instance.'),
    host: z
      .string()
      .optional()
      .describe(
        "The name of the host, as the set identifier or the record has it; EventBridge's own `resources` lists it, too.",
      ),
  })
  .describe('A value of the record set; what is not known of it is left out.');

const common = {
  version: z.literal(1),
  id: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe('The same for every delivery of one event, and for no other.'),
  time: z.iso.datetime().describe('When the change had been applied.'),
  runId: z.string().optional().describe('The run that has changed it; missing where it was put back.'),
  zone: z.object({ id: z.string(), name: z.string() }).describe('The hosted zone.'),
  reasons: z.array(z.string()).describe('Reason codes.'),
  shortened: z
    .literal(true)
    .optional()
    .describe(
      'There when the event would have been too large: details of values and the other set are left out.',
    ),
};

/**
 * An event as its consumers get it, without EventBridge's own fields. Version 1: fields may be added within
 * a version; none changes its meaning or goes.
 */
export const eventSchema = z.discriminatedUnion('detail-type', [
  z.object({
    source: z.literal(EVENT_SOURCE),
    'detail-type': z.literal(DETAIL_TYPES.registered),
    detail: z.object({
      ...common,
      recordSet: recordSetSchema.describe('The record set as it is now.'),
      replaces: recordSetSchema.optional().describe('The set before, where it only gained values.'),
      values: z.array(value).describe('The values that were added.'),
    }),
  }),
  z.object({
    source: z.literal(EVENT_SOURCE),
    'detail-type': z.literal(DETAIL_TYPES.removed),
    detail: z.object({
      ...common,
      recordSet: recordSetSchema.describe('The record set as it was.'),
      replacedBy: recordSetSchema.optional().describe('What is left, where the set only lost values.'),
      values: z.array(value).describe('The values that are gone.'),
    }),
  }),
]);

export type PublishedEvent = z.infer<typeof eventSchema>;
export type PublishedValue = z.infer<typeof value>;

/** The JSON Schema of the events, as text: what `docs/events.schema.json` holds. */
export function eventsJsonSchema(): string {
  const schema = z.toJSONSchema(eventSchema, { io: 'input', target: 'draft-7' });
  return `${JSON.stringify({ ...schema, title: 'Events of ecs-dns' }, null, 2)}\n`;
}
