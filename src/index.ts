/** The library: one run as the command line makes it, and the pieces to make another kind of run from. */

export type { AwsAccess } from './aws/aws-clients.ts';
export { systemClock } from './aws/system-clock.ts';
export type { CheckSelector } from './commands/check.ts';
export type { RestoreOptions } from './commands/restore-removals.ts';
export { parseAlternative, type SettingsAlternative } from './config/compare-settings.ts';
export { parseSettings, type SettingsSources } from './config/parse-settings.ts';
export type { Settings, SettingsInput } from './config/settings.ts';
export { SettingsError, type SettingsProblem } from './config/settings-error.ts';
export { settingsSchema } from './config/settings-schema.ts';
export { diagnose, type ExaminationOptions } from './doctor/diagnose.ts';
export type { Finding } from './doctor/finding.ts';
export { type PolicyDocument, type PolicyStatement, policyFor } from './iam/policy-for.ts';
export { type AccountScope, type PolicyNeeds, policyNeeds } from './iam/policy-needs.ts';
export { createJournal, type JournalContext } from './journal/create-journal.ts';
export { type Journal, NO_JOURNAL } from './journal/journal.ts';
export { type JournalLine, journalLine } from './journal/journal-line.ts';
export { parseJournal } from './journal/parse-journal.ts';
export type { Clock } from './model/clock.ts';
export type { JournalLocation } from './model/journal-location.ts';
export type { Quota, QuotaUse } from './model/quota.ts';
export type { ParsedJournal, Removal } from './model/removal.ts';
export { RunError, type RunErrorCode } from './model/run-error.ts';
export { EMPTY_STATE, type RunState } from './model/run-state.ts';
export type { SettingDifference } from './model/setting-difference.ts';
export { NO_STATES, type ZoneStates } from './model/zone-states.ts';
export { createProber, type ProbeLimits, type Prober } from './probe/prober.ts';
export { eventSchema, type PublishedEvent } from './publish/event-schema.ts';
export { NO_PUBLISHER, type Publisher } from './publish/publisher.ts';
export { buildReport, type ReportOptions } from './report/build-report.ts';
export { METRICS, type Metric, type MetricName, type MetricsInput, metricsOf } from './report/metrics.ts';
export { renderComparison } from './report/render-comparison.ts';
export { renderComparisonMarkdown } from './report/render-comparison-markdown.ts';
export { renderExplanation } from './report/render-explanation.ts';
export { renderExplanationMarkdown } from './report/render-explanation-markdown.ts';
export { renderText } from './report/render-text.ts';
export {
  type CheckReport,
  type ComparisonReport,
  checkSchema,
  comparisonSchema,
  type DoctorReport,
  doctorSchema,
  type ExplanationReport,
  explanationSchema,
  type Report,
  type RestoreReport,
  reportSchema,
  restoreReportSchema,
} from './report/schemas.ts';
export { type Route53Api, route53Api } from './route53/route53-api.ts';
export { createZone, type ZonePort } from './route53/zone-port.ts';
export type { Ports } from './run/ports.ts';
export { reconcile } from './run/reconcile.ts';
export {
  type Compared,
  type Progress,
  type RestorePreview,
  type RunFailure,
  type RunOptions,
  type RunPreview,
  type RunResult,
  runFailure,
} from './run/run.ts';
export { type Ec2Api, ec2Api } from './sources/ecs/ec2-api.ts';
export { type EcsApi, ecsApi } from './sources/ecs/ecs-api.ts';
export { createInventory, type InventorySources } from './sources/ecs/take-inventory.ts';
export { NO_STOPPER, type TaskStopper } from './sources/ecs/task-stopper.ts';
export type { InventoryPort } from './sources/inventory-port.ts';
export { NO_STATE_STORE, type StateStore } from './state/state-store.ts';
export {
  type CheckRequest,
  type CompareRequest,
  createWorker,
  type RestoreRequest,
  type RunRecord,
  type RunRequest,
  type Worker,
  type WorkerOptions,
} from './worker.ts';
