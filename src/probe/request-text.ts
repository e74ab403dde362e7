import { isIPv6 } from 'node:net';
import type { HealthCheck } from '../model/health-check.ts';
import type { ProbeTarget } from '../model/probe.ts';

/**
 * The request as it goes over the wire. All but the Host is the same for every endpoint that shares a
 * check, and is put together once. Throws a `TypeError` for what would be another request than meant:
 * a line break or a blank where there must be none.
 */
export function requestText({ address, port, check }: ProbeTarget): string {
  const common = commonParts.get(check) ?? commonPartsOf(check);
  commonParts.set(check, common);
  if (common.hasHost) return common.text;
  const literal = isIPv6(address) ? `[${address}]` : address;
  return `${common.requestLine}host: ${literal}:${port}\r\n${common.fields}`;
}

interface CommonParts {
  readonly requestLine: string;
  readonly fields: string;
  readonly text: string;
  readonly hasHost: boolean;
}

const commonParts = new WeakMap<HealthCheck, CommonParts>();

const TARGET = /^[!-~]+$/;
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Visible characters of Latin-1, blanks and tabs (RFC 9110, section 5.5). */
const FIELD_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** The check's own headers over ours, whatever their case. */
function commonPartsOf({ method, path, hostName, basicAuth, headers }: HealthCheck): CommonParts {
  const all = new Map([
    ['user-agent', 'ecs-dns-reconciler'],
    ['accept', '*/*'],
    ['connection', 'close'],
  ]);
  if (hostName !== undefined) all.set('host', hostName);
  if (basicAuth !== undefined) all.set('authorization', `Basic ${Buffer.from(basicAuth).toString('base64')}`);
  for (const [name, value] of Object.entries(headers)) all.set(name.toLowerCase(), value);
  const isSafe = [...all].every(([name, value]) => FIELD_NAME.test(name) && FIELD_VALUE.test(value));
  if (!TARGET.test(path) || !isSafe) throw new TypeError('the check cannot be written as an HTTP request');
  const requestLine = `${method} ${path} HTTP/1.1\r\n`;
  const fields = `${[...all].map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
  return { requestLine, fields, text: requestLine + fields, hasHost: all.has('host') };
}
