import type { StartAttempt } from './attempt.ts';
import { SocketAttempt } from './socket-attempt.ts';

/** Healthy as soon as the connection stands, or has stood as long as is asked; not a byte is sent. */
export const startTcpAttempt: StartAttempt = (target, settle) => {
  const { lingerMs = 0, check } = target;
  const attempt = new SocketAttempt(target, settle);
  const { socket } = attempt;
  const decide = () => attempt.decide({ kind: 'healthy' });
  socket.once('connect', () => {
    if (lingerMs === 0) return decide();
    const timer = setTimeout(decide, Math.min(lingerMs, check.timeoutMs / 2));
    socket.once('close', () => clearTimeout(timer));
    // What greets is there, whether it hangs up afterwards or not.
    return socket.once('data', decide);
  });
  return attempt;
};
