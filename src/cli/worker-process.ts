import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { OpenExamples } from '../sandbox/examples/open-examples.ts';
import { END_WITH_PARENT } from '../sandbox/fleet/process-containers.ts';
import { variablesOf } from '../sandbox/tour.ts';

/** `ecs-dns watch` as a process of its own. */
export interface WorkerProcess {
  /** `undefined` where it could not be started. */
  readonly pid: number | undefined;
  /** Where its status page is. */
  readonly statusUrl: string;
  /** From now on its log goes there; with what it has told until then, where that is wanted. */
  tellOn(stream: Writable, withPast: boolean): void;
  close(): Promise<void>;
}

/** How often it looks at everything; what events name it looks at meanwhile. */
const EVERY = '15s';

/** Starts a worker that keeps the records of a sandbox, by its events and on a schedule. */
export async function startWorkerProcess(examples: OpenExamples, quiet: boolean): Promise<WorkerProcess> {
  const listen = `127.0.0.1:${await freePort()}`;
  const args = ['watch', '--every', EVERY, '--events', examples.queueUrl, '--listen', listen];
  const child = fork(fileURLToPath(new URL('../cli.js', import.meta.url)), args, {
    execArgv: ['--import', END_WITH_PARENT],
    // Of a group of its own: Ctrl-C is for the sandbox, which ends it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      ...variablesOf(examples, 'sync'),
      ECS_DNS_HEALTH_TIMEOUT: '1s',
      ECS_DNS_HEALTH_INTERVAL: '200ms',
      // What it removes is gone with the sandbox.
      ECS_DNS_JOURNAL: 'none',
      ECS_DNS_LOG_LEVEL: quiet ? 'warn' : 'info',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
  });
  child.on('error', () => {});
  const past: Buffer[] = [];
  let tell = (chunk: Buffer) => void past.push(chunk);
  child.stderr?.on('data', (chunk: Buffer) => tell(chunk));
  return {
    pid: child.pid,
    statusUrl: `http://${listen}/`,
    tellOn: (stream, withPast) => {
      if (withPast) stream.write(Buffer.concat(past));
      tell = (chunk) => void stream.write(chunk);
    },
    close: async () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** One that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address === null || typeof address === 'string' ? 0 : address.port;
}
