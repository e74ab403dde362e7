import { z } from 'zod';
import { journalLine } from '../../src/journal/journal-line.ts';
import { noticeSchema } from '../../src/publish/notice-schema.ts';
import * as documents from '../../src/report/schemas.ts';

/** Each document that a command writes or prints, by the name of its schema file, with its title. */
const DOCUMENTS: Readonly<Record<string, { readonly schema: z.ZodType; readonly title: string }>> = {
  report: { schema: documents.reportSchema, title: 'The report of ecs-dns plan, apply and watch' },
  check: { schema: documents.checkSchema, title: 'What ecs-dns check prints' },
  explanation: { schema: documents.explanationSchema, title: 'What ecs-dns explain prints' },
  comparison: { schema: documents.comparisonSchema, title: 'What ecs-dns compare prints' },
  restore: { schema: documents.restoreReportSchema, title: 'What ecs-dns restore prints' },
  doctor: { schema: documents.doctorSchema, title: 'What ecs-dns doctor prints' },
  notice: { schema: noticeSchema, title: 'What a topic or a webhook is told of a run of ecs-dns' },
  'plan-file': { schema: documents.planFileSchema, title: 'What ecs-dns plan --out writes' },
  'journal-line': { schema: journalLine, title: 'A line of a journal of ecs-dns' },
};

/** The JSON Schemas of all documents, as files of `docs/schemas`. */
export function documentSchemas(): readonly (readonly [file: string, text: string])[] {
  return Object.entries(DOCUMENTS).map(([name, { schema, title }]) => {
    // As input, so that a field which a later version adds is no fault.
    const json = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
    return [`docs/schemas/${name}.schema.json`, `${JSON.stringify({ ...json, title }, null, 2)}\n`];
  });
}
