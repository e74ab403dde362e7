/** The library: one run as the command line makes it, and the pieces to make another kind of run from. */
export { loadSettings, type SettingsSources } from './config/load-settings.ts';
export type { Settings } from './config/settings.ts';
export { SettingsError, type SettingsProblem } from './config/settings-error.ts';
export { settingsSchema } from './config/settings-schema.ts';
export type { Ports } from './ports.ts';
export {
  type Progress,
  type RunOptions,
  type RunPreview,
  type RunResult,
  reconcile,
} from './reconcile.ts';
export { buildReport } from './report/build-report.ts';
export { renderText } from './report/render-text.ts';
export { type Report, reportSchema } from './report/report-schema.ts';
export { RunError, type RunErrorCode } from './run-error.ts';
export { createWorker, type RunRecord, type RunRequest, type Worker } from './worker.ts';
