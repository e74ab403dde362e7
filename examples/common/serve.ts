import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server } from 'node:http';
import process from 'node:process';
import { containerId } from './container-id.ts';
import { type Environment, wholeNumber } from './environment.ts';

/** What was asked, with a body of at most 4 KiB. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Default `text/plain; charset=utf-8`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers by path; `/health` is there anyway. */
export type Routes = Readonly<Record<string, (asked: Asked) => Answer | Promise<Answer>>>;

/** The header by which every answer names the container that it comes from. */
export const CONTAINER_HEADER = 'x-container';

const MAX_BODY_BYTES = 4_096;
const REQUEST_TIMEOUT_MS = 10_000;
const DRAIN_SECONDS = { byDefault: 10, most: 120 };
const PORT = { byDefault: 8080, most: 65_535 };

/**
 * Serves until SIGTERM, and then goes on for `DRAIN_SECONDS`: a client may have looked the address up a moment before
 * its record went. What is kept alive is closed with the next answer. A second signal ends the process at once.
 */
export async function serve(env: Environment, routes: Routes): Promise<void> {
  const port = wholeNumber(env, 'PORT', PORT);
  const drainMs = wholeNumber(env, 'DRAIN_SECONDS', DRAIN_SECONDS) * 1000;
  const id = await containerId(env);
  const state = { isDraining: false };
  const all: Routes = { ...routes, '/health': () => health(state.isDraining) };
  const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS }, (request, response) => {
    const begun = performance.now();
    void answerTo(request, all).then(({ status, body, type = 'text/plain; charset=utf-8', headers }) => {
      response.writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        [CONTAINER_HEADER]: id,
        ...headers,
        ...(state.isDraining ? { connection: 'close' } : {}),
      });
      response.end(request.method === 'HEAD' ? undefined : body);
      log({ container: id, method: request.method, path: pathOf(request), status, ms: since(begun) });
    });
  });
  await listen(server, port, env['HOST']);
  log({ container: id, message: 'listening', port });
  endOnSignal(server, drainMs, () => {
    state.isDraining = true;
    log({ container: id, message: 'draining', seconds: drainMs / 1000 });
  });
}

/** Unfit for new clients from the first signal on, while those that come are served. */
function health(isDraining: boolean): Answer {
  return isDraining ? { status: 503, body: 'draining\n' } : { status: 200, body: 'ok\n' };
}

async function answerTo(request: IncomingMessage, routes: Routes): Promise<Answer> {
  const { method = 'GET', headers } = request;
  const url = urlOf(request);
  const route = url !== undefined && Object.hasOwn(routes, url.pathname) ? routes[url.pathname] : undefined;
  if (url === undefined || route === undefined) return { status: 404, body: 'not found\n' };
  if (!['GET', 'HEAD', 'POST'].includes(method))
    return { status: 405, body: 'method not allowed\n', headers: { allow: 'GET, HEAD, POST' } };
  try {
    const body = await readBody(request);
    if (body === undefined)
      return { status: 413, body: 'the body is too long\n', headers: { connection: 'close' } };
    return await route({ method, url, headers, body });
  } catch (error) {
    log({ message: 'failed', detail: String(error) });
    return { status: 500, body: 'internal error\n' };
  }
}

/** `undefined` for what is no path, such as `//[`. */
function urlOf({ url = '/' }: IncomingMessage): URL | undefined {
  const whole = `http://container${url.startsWith('/') ? url : `/${url}`}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

/** Without the query: that is the user's own. */
function pathOf(request: IncomingMessage): string | undefined {
  return urlOf(request)?.pathname;
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString();
}

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: host === '' ? undefined : host }, resolve);
  });
}

function endOnSignal(server: Server, drainMs: number, begin: () => void): void {
  const onSignal = () => {
    begin();
    for (const signal of SIGNALS) process.off(signal, onSignal).once(signal, () => process.exit(1));
    setTimeout(() => server.close(() => process.exit(0)), drainMs);
  };
  for (const signal of SIGNALS) process.once(signal, onSignal);
}

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

function since(begun: number): number {
  return Math.round(performance.now() - begun);
}

/** A line of JSON, in which nothing that a client sends can begin another. */
function log(fields: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...fields })}\n`);
}
