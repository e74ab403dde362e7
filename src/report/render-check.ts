import { durationText, formatDuration } from '../model/duration.ts';
import { printable } from '../model/printable.ts';
import type { CheckReport, ReportedCheck } from './check-schema.ts';
import { plural, remarkLines } from './sections.ts';
import { type Page, type TextOptions, textOf } from './text-document.ts';
import { wrap } from './wrap.ts';

type CheckedEndpoint = CheckReport['endpoints'][number];
type Attempt = CheckedEndpoint['attempts'][number];

/** A check for people: each endpoint with how it is asked, every attempt with its time, and the outcome. */
export function renderCheck(report: CheckReport, options: TextOptions): string {
  return textOf(options, (page) => [
    ...report.endpoints.map((endpoint) => endpointLines(endpoint, page)),
    report.unchecked.flatMap(({ service = '', address = 'no address known', port, protocol }) =>
      wrap(printable(`${service} ${address}:${port}/${protocol}: nothing to probe`), page.width),
    ),
    remarkLines(report, page),
  ]);
}

function endpointLines(endpoint: CheckedEndpoint, { colors, width }: Page): readonly string[] {
  const { service, address, port, check, outcome, attempts } = endpoint;
  const { green, red, yellow, bold } = colors;
  const name = service === undefined ? '' : `${service} `;
  // Where nothing was tried, no attempt tells what was in the way.
  const obstacles = attempts.length === 0 ? [outcome.reason, outcome.errorCode] : [outcome.reason];
  const reasons = obstacles.filter((one) => one !== undefined).join(', ');
  const reason = reasons === '' ? '' : `: ${reasons}`;
  const paint = { healthy: green, unhealthy: red, indeterminate: yellow }[outcome.kind];
  // The line break at its end is the answer's, and tells nothing.
  const body = outcome.body?.trim() ?? '';
  const lines = [
    ...attempts.map((attempt) => printable(`${attempt.attempt}. ${attemptFacts(attempt).join(', ')}`)),
    `${paint(printable(`${outcome.kind}${reason}`))}${meaningOf(endpoint)}`,
    ...(outcome.reason === 'address-not-allowed' ? [`to do: ${allowing(address)}`] : []),
    ...(body === '' ? [] : [printable(`body: ${body}`)]),
  ];
  return [
    ...wrap(`${bold(printable(`${name}${address}:${port}`))}  ${checkText(check)}`, width, DEEPER),
    ...lines.flatMap((line) => wrap(line, width, { first: '  ', rest: '     ' })),
  ];
}

/** A server of another kind is the likeliest slip, and its code says little of that. */
function meaningOf({ check, outcome }: CheckedEndpoint): string {
  if (outcome.reason !== 'protocol-error') return '';
  return `: what answers is not ${check.kind === 'grpc' ? 'gRPC' : 'HTTP'}`;
}

function allowing(address: string): string {
  const range = `${address}/${address.includes(':') ? 128 : 32}`;
  return `add ${range}, or a wider range, to health.allow; --health-allow takes the whole list`;
}

const DEEPER = { first: '', rest: '    ' };

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
    `${plural(check.attempts, 'attempt')}, ${formatDuration(check.intervalMs)} apart`,
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
    durationText(durationMs),
  ];
}
