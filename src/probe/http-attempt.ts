import type { HealthCheck } from '../model/health-check.ts';
import type { AttemptResult, ProbeTarget } from '../model/probe.ts';
import { matchesStatus } from '../model/status-matcher.ts';
import type { StartAttempt } from './attempt.ts';
import { BodyStart } from './body-start.ts';
import { requestText } from './request-text.ts';
import { type ResponseHead, readHead } from './response-head.ts';
import { SocketAttempt } from './socket-attempt.ts';

/** Route 53's own health checks look for their text in as many bytes. */
const BODY_LIMIT_BYTES = 5_120;
const EXCERPT_BYTES = 200;
/** A bad status is a result; only this long is the start of its body waited for. */
const EXCERPT_PATIENCE_MS = 100;
const MAX_INFORMATIONAL = 10;
const FIRST_FINAL_STATUS = 200;
const SWITCHING_PROTOCOLS = 101;

/**
 * One HTTP or HTTPS request on a socket of its own: every endpoint is its own origin and is asked
 * once, so an agent or a pool would only cost. Redirects are not followed, bodies are never decoded,
 * and no more of one is read than the verdict needs.
 */
export const startHttpAttempt: StartAttempt = (target, settle) => {
  const text = requestText(target);
  const attempt = new SocketAttempt(target, settle);
  const { socket } = attempt;
  const exchange = new Exchange(target, attempt);
  socket.once(target.check.kind === 'https' ? 'secureConnect' : 'connect', () =>
    socket.write(text, 'latin1'),
  );
  socket.on('data', (data: Buffer) => exchange.read(data));
  return attempt;
};

/** What comes back, from the first byte to the decision. */
class Exchange {
  readonly #check: HealthCheck;
  readonly #attempt: SocketAttempt;
  #head: Buffer | undefined;
  #informational = 0;
  #onBody: ((data: Buffer) => void) | undefined;

  constructor({ check }: ProbeTarget, attempt: SocketAttempt) {
    this.#check = check;
    this.#attempt = attempt;
  }

  read(data: Buffer): void {
    if (this.#attempt.isDecided) return;
    if (this.#onBody !== undefined) {
      this.#onBody(data);
      return;
    }
    const bytes = this.#head === undefined ? data : Buffer.concat([this.#head, data]);
    const head = readHead(bytes);
    if (head === 'more') this.#head = bytes;
    else if (head === 'no-http') this.#attempt.decide(protocolError('NO_HTTP'));
    else if (head === 'too-long') this.#attempt.decide(protocolError('HEADER_OVERFLOW'));
    else this.#judge(head, bytes.subarray(head.bytes));
  }

  #judge(head: ResponseHead, rest: Buffer): void {
    this.#head = undefined;
    const { status } = head;
    // A 101 is an answer like any other: nothing was asked to be upgraded.
    if (status < FIRST_FINAL_STATUS && status !== SWITCHING_PROTOCOLS) {
      this.#informational += 1;
      if (this.#informational > MAX_INFORMATIONAL) this.#attempt.decide(protocolError('TOO_MANY_1XX'));
      else if (rest.length > 0) this.read(rest);
    } else if (matchesStatus(this.#check.matcher, status)) {
      this.#judgeBody(head, rest);
    } else {
      this.#keepExcerpt(head, rest);
    }
  }

  /** The answer to HEAD has no body to look into. */
  #judgeBody(head: ResponseHead, rest: Buffer): void {
    const { bodyContains, method } = this.#check;
    const found: AttemptResult = { kind: 'healthy', status: head.status };
    if (bodyContains === undefined || method === 'HEAD') {
      this.#attempt.decide(found);
      return;
    }
    const wanted = Buffer.from(bodyContains);
    this.#collect(head, rest, BODY_LIMIT_BYTES, (body) => {
      if (body.bytes.includes(wanted)) this.#attempt.decide(found);
      else if (body.isBroken) this.#attempt.decide(protocolError('BROKEN_BODY'));
      else if (body.isFull || body.isComplete) {
        this.#attempt.decide({ ...mismatch(head.status), ...this.#excerpt(body.bytes) });
      }
    });
  }

  /** Keeps the start of a bad answer's body as evidence, if it comes soon. */
  #keepExcerpt(head: ResponseHead, rest: Buffer): void {
    const result: AttemptResult = { kind: 'unhealthy', reason: 'http-status', status: head.status };
    if (sendsSecrets(this.#check)) {
      this.#attempt.decide(result);
      return;
    }
    let bytes: Buffer = Buffer.alloc(0);
    const conclude = () => {
      clearTimeout(timer);
      this.#attempt.decide(bytes.length === 0 ? result : { ...result, ...this.#excerpt(bytes) });
    };
    const timer = setTimeout(conclude, EXCERPT_PATIENCE_MS);
    this.#attempt.socket.once('close', () => clearTimeout(timer));
    // Whatever ends the connection now, the status has been said.
    this.#attempt.fallBack(() => (bytes.length === 0 ? result : { ...result, ...this.#excerpt(bytes) }));
    this.#collect(head, rest, EXCERPT_BYTES, (body) => {
      bytes = body.bytes;
      if (body.isFull || body.isComplete || body.isBroken) conclude();
    });
  }

  /** Hands the start of the body to `look` with every piece that comes, and at its end. */
  #collect(head: ResponseHead, rest: Buffer, limit: number, look: (body: BodyStart) => void): void {
    const body = new BodyStart(head.framing, limit);
    this.#onBody = (data) => {
      body.read(data);
      look(body);
    };
    if (head.framing.kind === 'until-close') {
      this.#attempt.socket.once('end', () => {
        body.isComplete = true;
        look(body);
      });
    }
    this.#onBody(rest);
  }

  /** An endpoint may well repeat what it was sent. */
  #excerpt(bytes: Buffer): { readonly body?: string } {
    return sendsSecrets(this.#check) ? {} : { body: bytes.subarray(0, EXCERPT_BYTES).toString('utf8') };
  }
}

function mismatch(status: number) {
  return { kind: 'unhealthy', reason: 'body-mismatch', status } as const;
}

function protocolError(errorCode: string): AttemptResult {
  return { kind: 'unhealthy', reason: 'protocol-error', errorCode };
}

function sendsSecrets({ basicAuth, headers }: HealthCheck): boolean {
  return basicAuth !== undefined || Object.keys(headers).length > 0;
}
