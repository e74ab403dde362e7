import type { CheckResult } from '../model/check-result.ts';
import type { HealthCheck } from '../model/health-check.ts';
import type { AttemptReport } from '../model/probe.ts';
import { type CheckReport, checkShape, type ReportedCheck } from './check-schema.ts';
import { type DocumentOptions, headOf, told } from './document.ts';

/** What the report of a check is made of, apart from its result. Times in epoch milliseconds. */
export interface CheckReportOptions extends DocumentOptions {
  readonly subject: string;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** The report of a check, in the order in which the endpoints were found. */
export function buildCheck(result: CheckResult, options: CheckReportOptions): CheckReport {
  const { checked, unchecked, notices } = result;
  return {
    ...headOf({ ...options, mode: 'check', readings: { inventory: result }, notices }, options),
    subject: options.subject,
    endpoints: checked.map(({ target: { address, port, check }, endpoint, outcome, attempts }) => ({
      address,
      port,
      service: endpoint?.serviceName,
      task: endpoint?.container.taskArn,
      check: reportedCheck(check),
      outcome,
      attempts: attempts.map(reportedAttempt),
    })),
    unchecked: unchecked.map(({ serviceName: service, address, port, protocol }) => ({
      service,
      address,
      port,
      protocol,
    })),
  };
}

/** How an endpoint is asked, as documents tell it. Header values and credentials may be secrets, and are left out. */
export function reportedCheck(check: HealthCheck): ReportedCheck {
  const ranges = check.matcher.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return told(checkShape, {
    ...check,
    expects: ranges.join(','),
    headers: Object.keys(check.headers),
    hasCredentials: check.basicAuth !== undefined,
  });
}

export function reportedAttempt({ attempt, durationMs, result }: AttemptReport) {
  return { attempt, durationMs, ...result };
}
