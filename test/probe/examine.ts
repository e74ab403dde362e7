import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { HealthCheck } from '../../src/model/health-check.ts';
import type { ProbeOutcome, ProbeTarget } from '../../src/model/probe.ts';
import type { StartAttempt } from '../../src/probe/attempt.ts';
import { attemptStarters } from '../../src/probe/attempt-starters.ts';
import { CheckEngine } from '../../src/probe/engine.ts';
import { SocketAttempt } from '../../src/probe/socket-attempt.ts';
import { virtualClock } from '../route53/virtual-clock.ts';
import { type Place, targetAt } from './support.ts';

/** One check seen from the inside: what came of it, and what its sockets were used for. */
export interface Examination {
  readonly outcome: ProbeOutcome | undefined;
  readonly bytesRead: number;
  /** Whether every socket was closed by the time the outcome was there. */
  readonly isClosed: boolean;
}

/** Checks what is at `place` by the engine, over sockets that are looked at. */
export async function examine(place: Place, changes: Partial<HealthCheck> = {}): Promise<Examination> {
  const sockets: Socket[] = [];
  const target = targetAt(place, changes);
  const start = await attemptStarters(new Set([target.check.kind]));
  const startAttempt: StartAttempt = (one, settle) => {
    const attempt = start(one, settle);
    if (attempt instanceof SocketAttempt) sockets.push(attempt.socket);
    return attempt;
  };
  let outcome: ProbeOutcome | undefined;
  const engine = new CheckEngine([target], {
    startAttempt,
    clock: virtualClock(),
    concurrency: 1,
    deadline: Number.POSITIVE_INFINITY,
    onOutcome: (_, found) => {
      outcome = found;
    },
  });
  await engine.run(undefined);
  return {
    outcome,
    bytesRead: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    isClosed: sockets.length > 0 && sockets.every(({ closed }) => closed),
  };
}

/** What `probe-in-child.mjs` is asked for. */
export interface ChildRequest {
  readonly targets: readonly ProbeTarget[];
  readonly concurrency: number;
  /** Aborts the run as soon as the first attempt has ended. */
  readonly abort?: boolean;
}

/** What it tells. */
export interface ChildReport {
  /** In the order of the targets; none after an abort. */
  readonly outcomes: readonly ProbeOutcome[];
  readonly aborted: boolean;
  /** How often there was no socket left for an attempt. */
  readonly exhausted: number;
  /** The most attempts that were under way at once, at first and after the last shortage. */
  readonly most: number;
  readonly mostAfterwards: number;
  /** What kept the event loop alive when the run was over. */
  readonly resources: readonly string[];
  /** Which packages were loaded to ask. */
  readonly clients: readonly string[];
}

const CHILD = fileURLToPath(new URL('./probe-in-child.mjs', import.meta.url));

/** Runs the built engine in a process of its own; `descriptors` limits how many that process may have. */
export function probeInChild(
  request: ChildRequest,
  { env = {}, descriptors }: { readonly env?: Record<string, string>; readonly descriptors?: number } = {},
): Promise<ChildReport> {
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors}; `;
  const child = spawn('sh', ['-c', `${limit}exec "$@"`, 'sh', process.execPath, CHILD], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(request));
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(JSON.parse(output) as ChildReport);
      else reject(new Error(`the child ended with ${code}`));
    });
  });
}
