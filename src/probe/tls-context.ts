import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { HealthCheck } from '../model/health-check.ts';

/** A run resolves its checks anew, so that a certificate that was renewed is read by the next run. */
const contexts = new WeakMap<HealthCheck, SecureContext | undefined>();

/**
 * What a check over TLS trusts and shows of itself; `undefined` where it says nothing of that. Throws where a file
 * cannot be read, or is no PEM: then nothing was asked, and the worker is to blame.
 */
export function tlsContextOf(check: HealthCheck): SecureContext | undefined {
  if (!contexts.has(check)) contexts.set(check, contextOf(check));
  return contexts.get(check);
}

function contextOf({ tlsCa, tlsCert, tlsKey }: HealthCheck): SecureContext | undefined {
  if (tlsCa === undefined && tlsCert === undefined && tlsKey === undefined) return undefined;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new IncompletePairError();
  return createSecureContext({ ca: pemOf(tlsCa), cert: pemOf(tlsCert), key: pemOf(tlsKey) });
}

class IncompletePairError extends Error {
  readonly code = 'TLS_CERT_WITHOUT_KEY';

  constructor() {
    super('a client certificate needs its key, and a key its certificate');
  }
}

/** What is no PEM itself is the path of a file. */
function pemOf(text: string | undefined): string | undefined {
  return text === undefined || text.includes('-----BEGIN ') ? text : readFileSync(text, 'utf8');
}
