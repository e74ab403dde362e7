import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { AttemptResult, ProbeTarget } from '../model/probe.ts';
import { type Attempt, type Conclusion, OUT_OF_TIME } from './attempt.ts';
import { classifyError } from './classify-error.ts';
import { tlsContextOf } from './tls-context.ts';

/**
 * What every kind of check has in common: one socket, one bound on its time, one result. The first
 * decision counts; it is handed on when the socket is closed, so that a count of unsettled
 * attempts is a count of sockets.
 */
export class SocketAttempt implements Attempt {
  readonly socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #result: AttemptResult | undefined;
  #fallback: (() => AttemptResult) | undefined;

  constructor(
    target: ProbeTarget,
    settle: (result: AttemptResult) => void,
    classify: (error: unknown) => AttemptResult = classifyError,
  ) {
    const { timeoutMs } = target.check;
    this.socket = openSocket(target);
    const dueAt = performance.now() + timeoutMs;
    this.#timer = setTimeout(() => this.#expire(performance.now() - dueAt), timeoutMs);
    this.socket.on('error', (error) => {
      if (!this.isDecided) this.fail(classify(error));
    });
    this.socket.on('close', () => {
      this.fail(CLOSED_EARLY);
      // Once all others that listen to this socket have let go of it.
      process.nextTick(settle, this.#result);
    });
  }

  get isDecided(): boolean {
    return this.#result !== undefined;
  }

  decide(result: AttemptResult): void {
    if (this.#result !== undefined) return;
    this.#result = result;
    clearTimeout(this.#timer);
    this.socket.destroy(DECIDED);
  }

  /** The result, unless there is one to fall back to. */
  fail(result: AttemptResult): void {
    this.decide(this.#fallback?.() ?? result);
  }

  /** From now on this is the result when the connection ends or time runs out, and not how it ends. */
  fallBack(result: () => AttemptResult): void {
    this.#fallback = result;
  }

  cancel(): void {
    this.decide(OUT_OF_TIME);
  }

  /**
   * Timers run before the sockets are looked at: when this process was kept from its work, the answer
   * may have been there in time. It gets one look at its socket; and a timer that is very late speaks
   * of this process, not of the endpoint.
   */
  #expire(lateMs: number): void {
    setImmediate(() => setImmediate(() => this.fail(outOfTime(lateMs))));
  }
}

/** One for all: undici would else make an error, with its stack, for each socket that closes without one. */
const DECIDED = new Error('the check is decided');
const MAX_LATENESS_MS = 250;
const TIMED_OUT: Conclusion = { kind: 'unhealthy', reason: 'timeout', errorCode: 'ETIMEDOUT' };
const STARVED: Conclusion = {
  kind: 'indeterminate',
  reason: 'checker-error',
  errorCode: 'EVENT_LOOP_DELAY',
};
/** What an attempt came to whose timer fired so late. */
export function outOfTime(lateMs: number): Conclusion {
  return lateMs > MAX_LATENESS_MS ? STARVED : TIMED_OUT;
}

export const CLOSED_EARLY: AttemptResult = {
  kind: 'unhealthy',
  reason: 'connection-reset',
  errorCode: 'ECONNRESET',
};

/** Connects to an address, never to a name: no resolver is asked. */
function openSocket({ address, port, check }: ProbeTarget): Socket {
  if (isIP(address) === 0) throw new TypeError(`${address} is no address`);
  if (check.kind !== 'https') return connectTcp({ host: address, port });
  const secureContext = tlsContextOf(check);
  return connectTls({
    host: address,
    port,
    ...(secureContext === undefined ? {} : { secureContext }),
    rejectUnauthorized: !check.tlsSkipVerify,
    ...(check.hostName === undefined ? {} : { servername: check.hostName }),
  });
}
