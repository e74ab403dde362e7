/** The library: one run as the command line makes it, and the pieces to make another kind of run from. */
export type { Adopted } from './adopt.ts';
export type { AwsAccess } from './aws/aws-clients.ts';
export type { CheckResult, CheckSelector } from './check-now.ts';
export { loadSettings, type SettingsSources } from './config/load-settings.ts';
export { loadSwitch, type SettingsSwitch, type SwitchedSetting } from './config/load-switch.ts';
export type { Settings } from './config/settings.ts';
export { SettingsError, type SettingsProblem } from './config/settings-error.ts';
export { settingsSchema } from './config/settings-schema.ts';
export { diagnose, type ExaminationOptions } from './doctor/diagnose.ts';
export type { Finding } from './doctor/finding.ts';
export { type Announcer, NO_ANNOUNCER } from './events/announcer.ts';
export { type AnnouncedEvent, eventSchema } from './events/event-schema.ts';
export type { Explained, TimedAttempt } from './explain-entry.ts';
export { type HealthMemory, NO_MEMORY } from './health/memory/health-memory.ts';
export { createProber, type ProbeLimits, type Prober } from './health/prober.ts';
export { type PolicyDocument, type PolicyStatement, policyFor } from './iam/policy-for.ts';
export { type Place, type PolicyNeeds, policyNeeds } from './iam/policy-needs.ts';
export { type Ec2Api, ec2Api } from './inventory/ec2-api.ts';
export { type EcsApi, ecsApi } from './inventory/ecs-api.ts';
export { createInventory, type InventoryPort, type InventorySources } from './inventory/take-inventory.ts';
export { createJournal, type JournalContext } from './journal/create-journal.ts';
export { type Journal, NO_JOURNAL } from './journal/journal.ts';
export { type JournalLine, journalLine } from './journal/journal-line.ts';
export { type ParsedJournal, parseJournal } from './journal/parse-journal.ts';
export type { Clock } from './model/clock.ts';
export type { JournalLocation } from './model/journal-location.ts';
export type { Removal } from './model/removal.ts';
export type { Ports } from './ports.ts';
export {
  type Progress,
  type RunOptions,
  type RunPreview,
  type RunResult,
  reconcile,
} from './reconcile.ts';
export { type AdoptionReport, adoptionSchema } from './report/adoption-schema.ts';
export { buildExplanation } from './report/build-explanation.ts';
export { buildReport, type ReportOptions } from './report/build-report.ts';
export { type ExplanationReport, explanationSchema } from './report/explanation-schema.ts';
export { METRICS, type Metric, type MetricName, type MetricsInput, metricsOf } from './report/metrics.ts';
export { renderAdoption } from './report/render-adoption.ts';
export { renderExplanation } from './report/render-explanation.ts';
export { renderText } from './report/render-text.ts';
export { type Report, reportSchema } from './report/report-schema.ts';
export { type RestoreReport, restoreReportSchema } from './report/restore-report-schema.ts';
export type { RestoreOptions, RestorePreview } from './restore.ts';
export { RunError, type RunErrorCode } from './run-error.ts';
export { NO_STOPPER, type TaskStopper } from './stop/task-stopper.ts';
export { systemClock } from './system-clock.ts';
export {
  type AdoptRequest,
  createWorker,
  type RestoreRequest,
  type RunRecord,
  type RunRequest,
  type Worker,
  type WorkerOptions,
} from './worker.ts';
export { type Route53Api, route53Api } from './zone/route53-api.ts';
export { createZone, type ZonePort } from './zone/zone-port.ts';
