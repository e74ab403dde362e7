import type { CheckResult } from '../model/check-result.ts';
import type { HealthCheck } from '../model/health-check.ts';
import type { AttemptReport } from '../model/probe.ts';
import type { CheckReport, ReportedCheck } from './check-schema.ts';
import { type DocumentOptions, headOf } from './document.ts';

/** What the report of a check is made of, besides its result. Times in epoch milliseconds. */
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
    endpoints: checked.map(({ target, endpoint, outcome, attempts }) => ({
      address: target.address,
      port: target.port,
      service: endpoint?.serviceName,
      task: endpoint?.container.taskArn,
      check: reportedCheck(target.check),
      outcome: { ...outcome },
      attempts: attempts.map(reportedAttempt),
    })),
    unchecked: unchecked.map(({ serviceName, address, port, protocol }) => ({
      service: serviceName,
      address,
      port,
      protocol,
    })),
  };
}

/** How an endpoint is asked, as documents tell it. Header values and credentials may be secrets, and are left out. */
export function reportedCheck(check: HealthCheck): ReportedCheck {
  const { kind, method, path, bodyContains, hostName, tlsSkipVerify, timeoutMs, attempts, intervalMs } =
    check;
  return {
    kind,
    method,
    path,
    expects: check.matcher.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(','),
    headers: Object.keys(check.headers),
    hasCredentials: check.basicAuth !== undefined,
    bodyContains,
    hostName,
    tlsSkipVerify,
    timeoutMs,
    attempts,
    intervalMs,
  };
}

/** An attempt as documents list it. */
export function reportedAttempt({ attempt, durationMs, result }: AttemptReport) {
  return { attempt, durationMs, ...result };
}
