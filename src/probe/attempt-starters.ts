import type { CheckKind } from '../model/health-check.ts';
import type { StartAttempt } from './attempt.ts';
import { startTcpAttempt } from './tcp-attempt.ts';

/** Tells how an attempt of these kinds is started; the client of a kind is loaded only where one is asked so. */
export async function attemptStarters(kinds: ReadonlySet<CheckKind>): Promise<StartAttempt> {
  const isHttp = kinds.has('http') || kinds.has('https');
  const startHttp = isHttp ? (await import('./http-slot.ts')).httpAttempts() : startTcpAttempt;
  const startGrpc = kinds.has('grpc')
    ? (await import('./grpc-attempt.ts')).startGrpcAttempt
    : startTcpAttempt;
  return (target, settle) => {
    const { kind } = target.check;
    return (kind === 'tcp' ? startTcpAttempt : kind === 'grpc' ? startGrpc : startHttp)(target, settle);
  };
}
