import type { StartAttempt } from './attempt.ts';
import { SocketAttempt } from './socket-attempt.ts';

/** Healthy as soon as the connection stands; not a byte is sent. */
export const startTcpAttempt: StartAttempt = (target, settle) => {
  const attempt = new SocketAttempt(target, settle);
  attempt.socket.once('connect', () => attempt.decide({ kind: 'healthy' }));
  return attempt;
};
