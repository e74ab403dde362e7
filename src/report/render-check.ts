import { createColors } from 'picocolors';
import type { CheckedEndpoint, CheckResult } from '../commands/check.ts';
import { formatDuration } from '../model/duration.ts';
import type { HealthCheck } from '../model/health-check.ts';
import { printable } from '../model/printable.ts';
import type { AttemptReport } from '../probe/engine.ts';

/** A check for people: each endpoint with how it is asked, every attempt with its time, and the outcome. */
export function renderCheck(result: CheckResult, { color }: { readonly color: boolean }): string {
  const { green, red, yellow, bold } = createColors(color);
  const paint = { healthy: green, unhealthy: red, indeterminate: yellow };
  const sections = [
    ...result.checked.map((checked) => {
      const { outcome } = checked;
      const reason = outcome.kind === 'healthy' ? '' : `: ${outcome.reason}`;
      const body = outcome.body === undefined ? '' : `\n  body: ${printable(outcome.body)}`;
      const lines = checked.attempts.map(attemptLine);
      const verdict = `  ${paint[outcome.kind](`${outcome.kind}${reason}`)}${body}`;
      return [`${bold(headline(checked))}  ${describeCheck(checked.target.check)}`, ...lines, verdict].join(
        '\n',
      );
    }),
    ...result.unchecked.map(
      ({ serviceName, address, port, protocol }) =>
        `${serviceName ?? ''} ${address ?? 'no address known'}:${port}/${protocol}: nothing to probe`,
    ),
    ...result.incomplete.map(
      ({ scope, operation, error }) =>
        `${yellow('!')} ${scope} could not be read: ${operation}: ${printable(error)}`,
    ),
    ...result.notices.map(
      ({ subject, detail }) => `${yellow('!')} ${printable(subject)}: ${printable(detail)}`,
    ),
  ];
  return `${sections.join('\n')}\n`;
}

function headline({ target, endpoint }: CheckedEndpoint): string {
  const name = endpoint?.serviceName === undefined ? '' : `${printable(endpoint.serviceName)} `;
  return `${name}${target.address}:${target.port}`;
}

/** Header values and credentials are secrets: only that they are there is said. */
function describeCheck(check: HealthCheck): string {
  const http = check.kind === 'http' || check.kind === 'https';
  const parts = [
    http ? `${check.kind} ${check.method} ${printable(check.path)}` : check.kind,
    ...(http ? [`expects ${check.matcher.map(rangeText).join(',')}`] : []),
    ...(http && check.hostName !== undefined ? [`host ${check.hostName}`] : []),
    ...(http && check.bodyContains !== undefined ? [`body contains "${printable(check.bodyContains)}"`] : []),
    ...(http && Object.keys(check.headers).length > 0
      ? [`headers ${Object.keys(check.headers).join(', ')}`]
      : []),
    ...(http && check.basicAuth !== undefined ? ['with credentials'] : []),
    ...(check.kind === 'https' && check.tlsSkipVerify ? ['any certificate'] : []),
    `timeout ${formatDuration(check.timeoutMs)}`,
    `${check.attempts} attempts, ${formatDuration(check.intervalMs)} apart`,
  ];
  return parts.join(', ');
}

function rangeText({ from, to }: HealthCheck['matcher'][number]): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

function attemptLine({ attempt, result, durationMs }: AttemptReport): string {
  const status = 'status' in result && result.status !== undefined ? `status ${result.status}` : undefined;
  const error = 'errorCode' in result ? result.errorCode : undefined;
  const reason = 'reason' in result ? result.reason : result.kind;
  return `  ${attempt}. ${[reason, status, error, `${durationMs} ms`].filter((part) => part !== undefined).join(', ')}`;
}
