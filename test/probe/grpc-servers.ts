import { readFileSync } from 'node:fs';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { HealthImplementation, type ServingStatusMap } from 'grpc-health-check';
import { onTestFinished } from 'vitest';
import type { Place } from './support.ts';

const pem = (name: string) => readFileSync(new URL(`./certificates/${name}.pem`, import.meta.url));
/** The key and the certificate of a server. */
export const PAIR = [{ private_key: pem('key'), cert_chain: pem('valid') }];

/** A real gRPC server, with the health service of grpc.health.v1 where it is given what that says. */
export async function serveGrpc(
  health: ServingStatusMap | undefined,
  credentials = ServerCredentials.createInsecure(),
): Promise<Place> {
  const server = new Server();
  if (health !== undefined) new HealthImplementation(health).addToServer(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  onTestFinished(() => server.forceShutdown());
  return { address: '127.0.0.1', port };
}
