import type { buildConnector, Dispatcher } from 'undici';
import type { HealthCheck } from '../model/health-check.ts';
import type { AttemptResult, ProbeTarget } from '../model/probe.ts';
import { matchesStatus } from '../model/status-matcher.ts';
import { classifyAnswerError, malformedAnswer } from './answer-error.ts';
import type { Conclusion } from './attempt.ts';
import { classifyError } from './classify-error.ts';
import { CLOSED_EARLY, SocketAttempt } from './socket-attempt.ts';

/** As much as Node's own parser takes by default. */
export const MAX_HEAD_BYTES = 16_384;
/** A line without end, of which no limit of undici's knows. */
const MAX_ANSWER_BYTES = 65_536;
/** Route 53's own health checks look for their text in as many bytes. */
const BODY_LIMIT_BYTES = 5_120;
const EXCERPT_BYTES = 200;
/** A bad status is a result; only this long is the start of its body waited for. */
const EXCERPT_PATIENCE_MS = 100;
const MAX_INFORMATIONAL = 10;
const FIRST_FINAL_STATUS = 200;
const SWITCHING_PROTOCOLS = 101;

/** What wants to see the start of a body: as much of it as `limit`, with every piece that comes and at its end. */
interface BodyReader {
  readonly limit: number;
  readonly look: (bytes: Buffer, isWhole: boolean) => void;
}

/**
 * One HTTP or HTTPS request and its answer, over a socket of its own: every endpoint is its own origin and is asked
 * once. Redirects are not followed, bodies are never decoded, and no more of one is read than the verdict needs:
 * with the decision the socket is destroyed, and undici reads no further.
 */
export class HttpExchange implements Dispatcher.DispatchHandler {
  readonly #target: ProbeTarget;
  readonly #settle: (result: AttemptResult) => void;
  #attempt: SocketAttempt | undefined;
  #failure: unknown;
  #informational = 0;
  #isAmidHead = false;
  #body: Buffer = EMPTY;
  #reader: BodyReader | undefined;

  constructor(target: ProbeTarget, settle: (result: AttemptResult) => void) {
    this.#target = target;
    this.#settle = settle;
  }

  /** The attempt under way; throws where the check cannot be written as a request, or the target is no address. */
  get attempt(): SocketAttempt {
    if (this.#attempt === undefined) throw this.#failure;
    return this.#attempt;
  }

  /** Opens the socket, and hands it to undici once it is ready for a request. */
  connect(hand: buildConnector.Callback): void {
    const attempt = new SocketAttempt(this.#target, this.#settle, (error) =>
      classifyAnswerError(error, this.#informational === 0),
    );
    this.#attempt = attempt;
    const { socket } = attempt;
    const fail = () => hand(NOT_CONNECTED, null);
    socket.on('close', fail);
    // Each of these events comes once: `once` would only wrap the listener, for every check anew.
    socket.on(this.#target.check.kind === 'https' ? 'secureConnect' : 'connect', () => {
      socket.off('close', fail);
      hand(null, socket);
      // After undici's own listeners, which may find that the answer is whole.
      socket.on('end', () => attempt.fail(this.#isAmidHead ? ENDED_AMID_HEAD : CLOSED_EARLY));
      socket.on('readable', () => this.#limitBytes());
    });
  }

  onRequestStart(): void {}

  onResponseStarted(): void {
    this.#isAmidHead = true;
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#isAmidHead = false;
    // A 101 is an answer like any other: nothing was asked to be upgraded.
    if (status >= FIRST_FINAL_STATUS || status === SWITCHING_PROTOCOLS) this.#judge(status);
    else if (++this.#informational > MAX_INFORMATIONAL) this.attempt.decide(TOO_MANY_1XX);
    if (this.attempt.isDecided) controller.pause();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#reader !== undefined) {
      const { limit, look } = this.#reader;
      this.#body = Buffer.concat([this.#body, chunk.subarray(0, limit - this.#body.length)]);
      look(this.#body, this.#body.length === limit);
    }
    if (this.attempt.isDecided) controller.pause();
  }

  onResponseEnd(): void {
    this.#reader?.look(this.#body, true);
  }

  /** What ends the connection is heard from the socket first. Here comes what undici itself could not do. */
  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#failure = error;
    if (this.#attempt?.isDecided === false) this.#attempt.fail(classifyError(error));
  }

  #judge(status: number): void {
    if (matchesStatus(this.#target.check.matcher, status)) this.#judgeBody(status);
    else this.#keepExcerpt(status);
  }

  /** The answer to HEAD has no body to look into. */
  #judgeBody(status: number): void {
    const { bodyContains, method } = this.#target.check;
    const found: AttemptResult = { kind: 'healthy', status };
    if (bodyContains === undefined || method === 'HEAD') {
      this.attempt.decide(found);
      return;
    }
    const mismatch = { kind: 'unhealthy', reason: 'body-mismatch', status } as const;
    this.#reader = {
      limit: BODY_LIMIT_BYTES,
      look: (bytes, isWhole) => {
        if (bytes.includes(bodyContains)) this.attempt.decide(found);
        else if (isWhole) this.attempt.decide({ ...mismatch, ...this.#excerpt() });
      },
    };
  }

  /** Keeps the start of a bad answer's body as evidence, if it comes soon. */
  #keepExcerpt(status: number): void {
    const { attempt } = this;
    const result = { kind: 'unhealthy', reason: 'http-status', status } as const;
    if (sendsSecrets(this.#target.check)) {
      attempt.decide(result);
      return;
    }
    // Whatever ends the connection now, the status has been said.
    const withExcerpt = () => ({ ...result, ...this.#excerpt() });
    attempt.fallBack(withExcerpt);
    const timer = setTimeout(() => attempt.decide(withExcerpt()), EXCERPT_PATIENCE_MS);
    attempt.socket.once('close', () => clearTimeout(timer));
    this.#reader = {
      limit: EXCERPT_BYTES,
      look: (_, isWhole) => {
        if (isWhole) attempt.decide(withExcerpt());
      },
    };
  }

  /** An endpoint may well repeat what it was sent. */
  #excerpt(): { readonly body?: string } {
    const bytes = this.#body.subarray(0, EXCERPT_BYTES);
    return bytes.length === 0 || sendsSecrets(this.#target.check) ? {} : { body: bytes.toString('utf8') };
  }

  #limitBytes(): void {
    if (this.attempt.socket.bytesRead > MAX_ANSWER_BYTES) this.attempt.fail(TOO_LONG);
  }
}

const EMPTY = Buffer.alloc(0);
const NOT_CONNECTED = new Error('there is no connection');
const ENDED_AMID_HEAD: Conclusion = malformedAnswer('ENDED_AMID_HEADERS');
const TOO_MANY_1XX: Conclusion = malformedAnswer('TOO_MANY_1XX');
const TOO_LONG: Conclusion = malformedAnswer('ANSWER_TOO_LONG');

function sendsSecrets({ basicAuth, headers }: HealthCheck): boolean {
  return basicAuth !== undefined || Object.keys(headers).length > 0;
}
