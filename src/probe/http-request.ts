import { isIPv6 } from 'node:net';
import type { Dispatcher } from 'undici';
import type { HealthCheck } from '../model/health-check.ts';
import type { ProbeTarget } from '../model/probe.ts';

/** The request for a target. All but the Host is the same for every endpoint that shares a check, and is put together once. */
export function requestOf({ address, port, check }: ProbeTarget): Dispatcher.DispatchOptions {
  const headers = sharedHeaders.get(check) ?? headersOf(check);
  sharedHeaders.set(check, headers);
  const host = check.hostName ?? `${isIPv6(address) ? `[${address}]` : address}:${port}`;
  return { method: check.method, path: check.path, reset: true, headers: { host, ...headers } };
}

const sharedHeaders = new WeakMap<HealthCheck, Readonly<Record<string, string>>>();

/** The check's own headers over ours, whatever their case. */
function headersOf({ basicAuth, headers }: HealthCheck): Readonly<Record<string, string>> {
  const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const authorization =
    basicAuth === undefined ? {} : { authorization: `Basic ${Buffer.from(basicAuth).toString('base64')}` };
  return { 'user-agent': 'ecs-dns-reconciler', accept: '*/*', ...authorization, ...Object.fromEntries(own) };
}
