import { formatDuration } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
import type { CheckReport, ReportedCheck } from './check-schema.ts';
import { type Colors, remarkLines, type TextOptions, textOf } from './sections.ts';

type CheckedEndpoint = CheckReport['endpoints'][number];
type Attempt = CheckedEndpoint['attempts'][number];

/** A check for people: each endpoint with how it is asked, every attempt with its time, and the outcome. */
export function renderCheck(report: CheckReport, options: TextOptions): string {
  return textOf(options, (colors) => [
    [
      ...report.endpoints.flatMap((endpoint) => endpointLines(endpoint, colors)),
      ...report.unchecked.map(({ service = '', address = 'no address known', port, protocol }) =>
        printable(`${service} ${address}:${port}/${protocol}: nothing to probe`),
      ),
      ...remarkLines(report, colors),
    ].join('\n'),
  ]);
}

function endpointLines(endpoint: CheckedEndpoint, { green, red, yellow, bold }: Colors): readonly string[] {
  const { service, address, port, check, outcome, attempts } = endpoint;
  const name = service === undefined ? '' : `${service} `;
  // Where nothing was tried, no attempt tells what was in the way.
  const obstacles = attempts.length === 0 ? [outcome.reason, outcome.errorCode] : [outcome.reason];
  const reasons = obstacles.filter((one) => one !== undefined).join(', ');
  const reason = reasons === '' ? '' : `: ${reasons}`;
  const paint = { healthy: green, unhealthy: red, indeterminate: yellow }[outcome.kind];
  return [
    `${bold(printable(`${name}${address}:${port}`))}  ${checkText(check)}`,
    ...attempts.map((attempt) => `  ${attempt.attempt}. ${attemptFacts(attempt).join(', ')}`),
    `  ${paint(`${outcome.kind}${reason}`)}`,
    ...(outcome.body === undefined ? [] : [`  body: ${printable(outcome.body)}`]),
  ];
}

export function checkText(check: ReportedCheck): string {
  const { kind, method, path, expects, hostName, bodyContains, headers } = check;
  const how =
    kind === 'http' || kind === 'https'
      ? [
          `${kind} ${method} ${path}`,
          `expects ${expects}`,
          ...(hostName === undefined ? [] : [`host ${hostName}`]),
          ...(bodyContains === undefined ? [] : [`body contains "${bodyContains}"`]),
          ...(headers.length === 0 ? [] : [`headers ${headers.join(', ')}`]),
          ...(check.hasCredentials ? ['with credentials'] : []),
          ...(kind === 'https' && check.tlsSkipVerify ? ['any certificate'] : []),
        ]
      : [kind, ...(kind === 'grpc' ? grpcFacts(check) : [])];
  const parts = [
    ...how,
    `timeout ${formatDuration(check.timeoutMs)}`,
    `${check.attempts} attempts, ${formatDuration(check.intervalMs)} apart`,
  ];
  return printable(parts.join(', '));
}

function grpcFacts({ grpcService, grpcUseTls, tlsSkipVerify }: ReportedCheck): readonly string[] {
  const certificate = tlsSkipVerify ? ' with any certificate' : '';
  return [grpcService ?? 'the whole server', ...(grpcUseTls === true ? [`over TLS${certificate}`] : [])];
}

export function attemptFacts({ kind, reason, status, errorCode, durationMs }: Attempt): readonly string[] {
  return [
    reason ?? kind,
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(errorCode === undefined ? [] : [errorCode]),
    `${Math.round(durationMs)} ms`,
  ];
}
