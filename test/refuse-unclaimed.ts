import { Server } from 'node:net';
import { CLAIM_PORT } from '../src/sandbox/claim-block.ts';
import { firstPort } from './loopback.ts';

/**
 * Refuses to listen at loopback addresses that another process may have as well: at 127.N.x.y, and at ports of ::1, of
 * which the process has claimed nothing. `own-block.ts` has some to give, and 127.0.0.1 has a free port for any server.
 * Test files run next to each other, and what is not to answer in one would answer from another. This is loaded before
 * each test file, and sees every server of its process.
 */
const listen: CallableFunction = Reflect.get(Server.prototype, 'listen');
const claimed = new Set<number>();

if (listen.name !== listenWhereClaimed.name) Server.prototype.listen = listenWhereClaimed;

function listenWhereClaimed(this: Server, ...args: unknown[]): Server {
  const { port, host } = placeOf(args);
  if (port === CLAIM_PORT) noteClaim(this, blockOf(host));
  else if (!isClaimed(port, host)) throw new RangeError(`this process has not claimed ${host}, port ${port}`);
  return Reflect.apply(listen, this, args);
}

function placeOf([first, second]: readonly unknown[]): { readonly port: number; readonly host: string } {
  if (typeof first !== 'object' || first === null) return { port: Number(first), host: String(second) };
  return { port: Number(Reflect.get(first, 'port')), host: String(Reflect.get(first, 'host')) };
}

function blockOf(host: string): number {
  return Number(/^127\.(\d+)\./.exec(host)?.[1] ?? 0);
}

function noteClaim(server: Server, block: number): void {
  server.once('listening', () => claimed.add(block)).once('close', () => claimed.delete(block));
}

function isClaimed(port: number, host: string): boolean {
  const block = blockOf(host);
  if (host !== '::1') return block === 0 || claimed.has(block) || claimed.has(block - 64);
  return port === 0 || [...claimed].some((one) => port >= firstPort(one) && port < firstPort(one + 1));
}
