/**
 * The zod schemas of all documents that the commands print with `--output json`, and of plan files. All printed ones have `version`, `mode`,
 * `startedAt`, `durationMs`, `incomplete`, `notices`, `awsCalls` and `awsThrottled` in common.
 *
 * @example
 * import { reportSchema } from 'ecs-dns-reconciler/schemas';
 *
 * const { summary } = reportSchema.parse(JSON.parse(stdout));
 */

export { type CheckReport, checkSchema } from './check-schema.ts';
export { type ComparisonReport, comparisonSchema } from './comparison-schema.ts';
export { type DoctorReport, doctorSchema } from './doctor-schema.ts';
export { type ExplanationReport, explanationSchema } from './explanation-schema.ts';
export { type PlanFile, planFileSchema } from './plan-file-schema.ts';
export { type Report, reportSchema } from './report-schema.ts';
export { type RestoreReport, restoreReportSchema } from './restore-report-schema.ts';
