import { Client } from 'undici';
import type { AttemptResult, ProbeTarget } from '../model/probe.ts';
import type { Attempt, StartAttempt } from './attempt.ts';
import { HttpExchange, MAX_HEAD_BYTES } from './http-exchange.ts';
import { requestOf } from './http-request.ts';

/** No name is ever resolved: the client gets its sockets from the exchange, which connects to an address. */
const NO_ORIGIN = 'http://endpoint.invalid';

/** The attempt has a timeout of its own, which covers all of it. */
const OPTIONS = { maxHeaderSize: MAX_HEAD_BYTES, headersTimeout: 0, bodyTimeout: 0 };

/**
 * One undici client that asks target after target. A client of its own for each target would be made, asked once and
 * thrown away, which costs more than the rest of the check.
 */
class HttpSlot {
  readonly #client: Client;
  #exchange: HttpExchange | undefined;

  constructor() {
    this.#client = new Client(NO_ORIGIN, { ...OPTIONS, connect: (_, hand) => this.#exchange?.connect(hand) });
  }

  start(target: ProbeTarget, settle: (result: AttemptResult) => void): Attempt {
    const exchange = new HttpExchange(target, settle);
    this.#exchange = exchange;
    this.#client.dispatch(requestOf(target), exchange);
    return exchange.attempt;
  }
}

/** Starts HTTP and HTTPS attempts, with as many clients as there ever were attempts at once. */
export function httpAttempts(): StartAttempt {
  const idle: HttpSlot[] = [];
  return (target, settle) => {
    const slot = idle.pop() ?? new HttpSlot();
    return slot.start(target, (result) => {
      idle.push(slot);
      settle(result);
    });
  };
}
