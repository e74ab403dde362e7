import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describeError } from '../aws/aws-error.ts';
import { fail, ok, type Result } from './finding.ts';

/**
 * Connects to the host of the webhook, over TLS where it is HTTPS, and sends nothing: a notice would be read by people.
 * No part of the URL is told.
 */
export async function examineWebhook(url: string, timeoutMs: number, signal: AbortSignal): Promise<Result> {
  try {
    await connected(new URL(url), AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    return ok('its host can be reached; whether it takes notices cannot be tried without sending one');
  } catch (error) {
    signal.throwIfAborted();
    return fail(
      faultOf(error),
      'check the URL in `notices.webhook`, and the network: a private subnet needs a NAT gateway',
    );
  }
}

function connected({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isTls = protocol === 'https:';
  return new Promise((resolve, reject) => {
    const end = (socket: Socket, done: () => void) => {
      socket.destroy();
      done();
    };
    const socket: Socket = isTls
      ? connectTls({ host, port: Number(port || 443), servername: isIP(host) === 0 ? host : '' }, () =>
          end(socket, resolve),
        )
      : connectPlain({ host, port: Number(port || 80) }, () => end(socket, resolve));
    socket.once('error', (error) => end(socket, () => reject(error)));
    signal.addEventListener('abort', () => end(socket, () => reject(signal.reason as Error)), { once: true });
  });
}

/** The code alone: messages name hosts. */
function faultOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code');
  if (typeof code === 'string') return code;
  return error instanceof Error && error.name === 'TimeoutError' ? 'no answer in time' : describeError(error);
}
