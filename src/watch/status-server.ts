import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Registry } from 'prom-client';
import { RunError } from '../model/run-error.ts';
import type { Readiness } from './readiness.ts';

/** Where a server listens; without `host` on all addresses of the machine. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

const HOST_AND_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/;
const MAX_PORT = 65_535;

/** Reads `:7979`, `127.0.0.1:7979` or `[::1]:7979`; port 0 takes any free one. Throws a `RunError`. */
export function readListenAddress(text: string): ListenAddress {
  const fields = HOST_AND_PORT.exec(text);
  const port = Number(fields?.[3]);
  if (fields === null || port > MAX_PORT) {
    throw new RunError(
      'usage',
      `--listen: ${JSON.stringify(text)} is not valid; write :7979, 127.0.0.1:7979 or [::1]:7979`,
    );
  }
  const host = fields[1] ?? fields[2];
  return { host: host === '' ? undefined : host, port };
}

/** What the server tells. */
export interface StatusPages {
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly liveness: () => Readiness;
  readonly readiness: () => Readiness;
}

export interface StatusServer {
  readonly port: number;
  /** Ends after the answers under way. */
  close(): Promise<void>;
}

/** No client needs longer to ask for a page of a few kilobytes, or to read it. */
const CLIENT_TIMEOUT_MS = 10_000;

/** Serves `/metrics`, `/healthz` and `/readyz`. Throws a `RunError` when it cannot listen there. */
export async function startStatusServer(address: ListenAddress, pages: StatusPages): Promise<StatusServer> {
  const answering = new Set<Promise<void>>();
  const server = createServer({ requestTimeout: CLIENT_TIMEOUT_MS }, (request, response) => {
    const answered = answer(request, response, pages).finally(() => answering.delete(answered));
    answering.add(answered);
  });
  server.setTimeout(CLIENT_TIMEOUT_MS);
  await listen(server, address);
  return {
    port: portOf(server),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.all(answering);
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Page {
  readonly status: number;
  readonly body: string;
  readonly contentType?: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, pages: StatusPages): Promise<void> {
  // A body is of no use here, but unread it would keep the connection busy.
  request.resume();
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const page = isRead ? await pageOf(request, pages) : { status: 405, body: 'only GET and HEAD\n' };
  response.writeHead(page.status, {
    'content-type': page.contentType ?? 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(page.body),
    'cache-control': 'no-store',
    ...(page.status === 405 ? { allow: 'GET, HEAD' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : page.body);
  // A client that went away has no answer to wait for.
  await finished(response).catch(() => {});
}

async function pageOf({ url = '/' }: IncomingMessage, pages: StatusPages): Promise<Page> {
  const { registry, liveness, readiness } = pages;
  switch (url.replace(/\?.*$/, '')) {
    case '/metrics':
      return { status: 200, body: await registry.metrics(), contentType: registry.contentType };
    case '/healthz':
      return statusPage(liveness(), 'alive');
    case '/readyz':
      return statusPage(readiness(), 'ready');
    default:
      return { status: 404, body: 'not found\n' };
  }
}

function statusPage(state: Readiness, word: string): Page {
  return state.ready ? { status: 200, body: `${word}\n` } : { status: 503, body: `${state.reason}\n` };
}

async function listen(server: Server, { host, port }: ListenAddress): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, ...(host === undefined ? {} : { host }) }, resolve);
    });
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new RunError('usage', `--listen: ${text}; give an address and a port that are free here`, error);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server listens at no port');
  return address.port;
}
