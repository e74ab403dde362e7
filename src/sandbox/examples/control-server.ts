import { createServer, type IncomingMessage } from 'node:http';
import process from 'node:process';
import { controlPage } from './control-page.ts';
import type { ControlView } from './control-view.ts';

export interface ControlServer {
  readonly url: string;
  close(): Promise<void>;
}

interface Page {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const HOST = '127.0.0.1';
const MAX_BODY_BYTES = 1_024;
const SAFE_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
/** How often the page reloads by itself. */
const REFRESH_SECONDS = 2;

/** Serves the page that shows what runs, and whose forms stop it, for this machine alone. */
export async function openControlServer(options: ControlView): Promise<ControlServer> {
  const server = createServer((request, response) => {
    void pageFor(request, options).then(({ status, body, headers }) => {
      response.writeHead(status, { ...SAFE_HEADERS, ...headers });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const address = server.address();
  const port = address === null || typeof address === 'string' ? 0 : address.port;
  return {
    url: `http://${HOST}:${port}/`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function pageFor(request: IncomingMessage, options: ControlView): Promise<Page> {
  const { method = 'GET', headers, url = '/' } = request;
  // A name that leads here is some other site's way to this machine.
  if (!/^(?:127\.0\.0\.1|localhost)(?::\d+)?$/.test(headers.host ?? ''))
    return text(403, 'this is for this machine alone');
  const target = urlOf(url);
  if (target === undefined) return NOT_FOUND;
  const { pathname, search } = target;
  if (method === 'GET' || method === 'HEAD') return pathname === '/' ? shown(options, search) : NOT_FOUND;
  if (method !== 'POST') return text(405, 'only GET and POST');
  if (!isOfThisPage(headers)) return text(403, 'only the page itself may ask for this');
  const body = await readBody(request).catch(() => undefined);
  if (body === undefined) return text(413, 'that is too long');
  const done = act(pathname, new URLSearchParams(body), options);
  return done ? { status: 303, body: '', headers: { location: `/${search}` } } : NOT_FOUND;
}

/** `undefined` for what is no path, whatever a client asks for. */
function urlOf(path: string): URL | undefined {
  const whole = `http://${HOST}${path.startsWith('/') ? path : `/${path}`}`;
  return URL.canParse(whole) ? new URL(whole) : undefined;
}

function shown(options: ControlView, search: string): Page {
  const isPaused = search === '?pause';
  return {
    status: 200,
    body: controlPage(options, isPaused),
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...(isPaused ? {} : { refresh: String(REFRESH_SECONDS) }),
    },
  };
}

/** What a browser says of a form's origin; a page without a referrer has none but by the first of these. */
function isOfThisPage(headers: IncomingMessage['headers']): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? headers.origin === `http://${headers.host}` : site === 'same-origin';
}

/** False for what does not run any more. */
function act(path: string, fields: URLSearchParams, { fleet, containers, now }: ControlView): boolean {
  const processes = containers.processes();
  const found = processes.find(({ task }) => task.taskArn === fields.get('task'));
  if (found === undefined) return path === '/stop' || path === '/kill';
  if (path === '/stop') {
    const { task } = found;
    if (task.desiredStatus === 'RUNNING')
      fleet.world.tellToStop(task, 'Stopped by an operator', now() / 1000);
    return true;
  }
  if (path !== '/kill') return false;
  for (const { task, pid } of processes) if (task === found.task) kill(pid);
  return true;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended just now.
  }
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

function text(status: number, body: string): Page {
  return { status, body: `${body}\n`, headers: { 'content-type': 'text/plain; charset=utf-8' } };
}

const NOT_FOUND = text(404, 'there is no such page');
