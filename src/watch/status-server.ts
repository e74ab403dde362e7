import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream/promises';
import type { Registry } from 'prom-client';
import { oneLine } from '../model/one-line.ts';
import { printableLines } from '../model/printable.ts';
import { RunError } from '../model/run-error.ts';
import { PAGE_POLICY } from '../report/html/html-page.ts';
import type { Report } from '../report/report-schema.ts';
import { isLocalHost, isLoopback, type ListenAddress } from './listen-address.ts';
import type { Readiness } from './readiness.ts';

/** What the server tells. */
export interface StatusPages {
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly liveness: () => Readiness;
  readonly readiness: () => Readiness;
  /** The page for people; `isLive` where it reloads by itself. */
  readonly status: (isLive: boolean) => string;
  /** The last report as a page. */
  readonly reportPage: (report: Report) => string;
  /** The last report, if there is one yet. */
  readonly report: () => Report | undefined;
}

export interface StatusServer {
  readonly port: number;
  /** Ends after the answers under way, which have the time of a client for that. */
  close(): Promise<void>;
}

/** No client needs longer to ask for a page of a few kilobytes, or to read it. */
const CLIENT_TIMEOUT_MS = 10_000;

/** More than probes, scrapers and browsers open; each connection costs a descriptor that probes of containers need, too. */
const MAX_CONNECTIONS = 100;

/**
 * Serves the status page at `/`, `/plan.html` and `/report.json`, `/metrics`, `/healthz` and `/readyz`; all are only read.
 * Throws a `RunError` when it cannot listen there.
 */
export async function startStatusServer(address: ListenAddress, pages: StatusPages): Promise<StatusServer> {
  const answering = new Set<Promise<void>>();
  let isLocal = true;
  const server = createServer({ requestTimeout: CLIENT_TIMEOUT_MS }, (request, response) => {
    const answered = answer(request, response, pages, isLocal).finally(() => answering.delete(answered));
    answering.add(answered);
  });
  server.setTimeout(CLIENT_TIMEOUT_MS);
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, address);
  const { address: bound, port } = addressOf(server);
  isLocal = isLoopback(bound);
  return {
    port,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      // What reads in drops never falls silent.
      const cut = setTimeout(() => server.closeAllConnections(), CLIENT_TIMEOUT_MS);
      await Promise.all(answering);
      clearTimeout(cut);
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Page {
  readonly status: number;
  readonly body: string | Buffer;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ONLY_READ: Page = { status: 405, body: 'only GET and HEAD\n', headers: { allow: 'GET, HEAD' } };
const NOT_LOCAL: Page = {
  status: 403,
  body: 'this is for this machine alone: ask for localhost, 127.0.0.1 or [::1]\n',
};
const NO_REPORT: Page = { status: 404, body: 'no run has come to a report yet\n' };
const NO_PAGE: Page = { status: 500, body: 'the page could not be made\n' };

/** A browser is to do nothing with what it gets but show it. */
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  pages: StatusPages,
  isLocal: boolean,
): Promise<void> {
  // A body is of no use here, but unread it would keep the connection busy.
  request.resume();
  // A page that fails must not end the command that it tells of.
  const page = refusalOf(request, isLocal) ?? (await pageOf(request, pages).catch(() => NO_PAGE));
  response.writeHead(page.status, {
    ...SAFE_HEADERS,
    'content-type': page.contentType ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(page.body),
    ...page.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : page.body);
  // A client that went away has no answer to wait for.
  await finished(response).catch(() => {});
}

/** Behind an address that others reach, the names by which they do are theirs to know. */
function refusalOf({ method, headers }: IncomingMessage, isLocal: boolean): Page | undefined {
  if (isLocal && !isLocalHost(headers.host)) return NOT_LOCAL;
  return method === 'GET' || method === 'HEAD' ? undefined : ONLY_READ;
}

async function pageOf({ url = '/' }: IncomingMessage, pages: StatusPages): Promise<Page> {
  const { registry, liveness, readiness, status, report, reportPage } = pages;
  const last = report();
  switch (url.replace(/\?.*$/, '')) {
    case '/':
      return statusPage(status, !url.endsWith(PAUSED));
    case '/plan.html':
      return last === undefined ? NO_REPORT : htmlAnswer(reportPage(last));
    case '/report.json':
      return last === undefined ? NO_REPORT : jsonAnswer(last);
    case '/metrics':
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    case '/healthz':
      return stateAnswer(liveness(), 'alive');
    case '/readyz':
      return stateAnswer(readiness(), 'ready');
    default:
      return { status: 404, body: 'not found\n' };
  }
}

const PAUSED = '?pause';
const REFRESH_SECONDS = 15;

/** A header, and not an element of the page: that would also come again where the page was saved. */
function statusPage(status: StatusPages['status'], isLive: boolean): Page {
  const page = htmlAnswer(status(isLive));
  return isLive ? { ...page, headers: { ...page.headers, refresh: `${REFRESH_SECONDS}` } } : page;
}

function htmlAnswer(body: string): Page {
  const policy = { 'content-security-policy': `${PAGE_POLICY}; frame-ancestors 'none'` };
  return { status: 200, body, contentType: 'text/html; charset=utf-8', headers: policy };
}

/** Of a large fleet these are tens of megabytes: clients that ask for the same report share its bytes. */
const JSON_BODIES = new WeakMap<Report, Buffer>();

function jsonAnswer(report: Report): Page {
  const body = JSON_BODIES.get(report) ?? Buffer.from(`${printableLines(JSON.stringify(report, null, 2))}\n`);
  JSON_BODIES.set(report, body);
  return { status: 200, body, contentType: 'application/json; charset=utf-8' };
}

function stateAnswer(state: Readiness, word: string): Page {
  return state.ready ? { status: 200, body: `${word}\n` } : { status: 503, body: `${state.reason}\n` };
}

const LISTEN_FAULTS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'the port is taken'],
  ['EADDRNOTAVAIL', "the address is not this machine's"],
  ['EACCES', 'this user may not have the port'],
  ['ENOTFOUND', 'the name has no address'],
]);

async function listen(server: Server, address: ListenAddress): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address, resolve);
    });
  } catch (error) {
    const code = String(Reflect.get(Object(error), 'code'));
    const { host, port } = address;
    const shown = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    const fault = LISTEN_FAULTS.get(code) ?? oneLine(error);
    const remedy = 'give an address of this machine and a port that is free';
    throw new RunError('usage', `--listen: "${shown}" cannot be listened at (${fault}); ${remedy}`, error);
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server listens at no port');
  return address;
}
