import { EC2Client } from '@aws-sdk/client-ec2';
import { ECSClient } from '@aws-sdk/client-ecs';
import { Route53Client } from '@aws-sdk/client-route-53';
import { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { afterEach } from 'vitest';
import { createWorld, type World } from '../../src/sandbox/world/world.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './test-server.ts';

export interface Sandbox {
  readonly world: World;
  readonly server: TestServer;
  readonly ecs: ECSClient;
  readonly ec2: EC2Client;
  readonly route53: Route53Client;
  readonly cloudMap: ServiceDiscoveryClient;
}

const running: Sandbox[] = [];

afterEach(async () => {
  for (const { server, ecs, ec2, route53, cloudMap } of running.splice(0)) {
    for (const client of [ecs, ec2, route53, cloudMap]) client.destroy();
    await server.close();
  }
});

/** A server for a world with the real SDK clients at it, which try once; closed after the test. */
export async function withSandbox(
  world: World = createWorld(),
  options: TestServerOptions = {},
): Promise<Sandbox> {
  const server = await startTestServer(world, options);
  const config = {
    endpoint: server.url,
    region: world.region,
    credentials: { accessKeyId: 'SANDBOX', secretAccessKey: 'sandbox' },
    maxAttempts: 1,
  };
  const sandbox = {
    world,
    server,
    ecs: new ECSClient(config),
    ec2: new EC2Client(config),
    route53: new Route53Client(config),
    cloudMap: new ServiceDiscoveryClient(config),
  };
  running.push(sandbox);
  return sandbox;
}

/** Code, HTTP status and text of the error a call fails with. */
export async function failureOf(
  call: Promise<unknown>,
): Promise<{ readonly code: string; readonly status: number | undefined; readonly message: string }> {
  const failure: unknown = await call.then(
    () => new Error('the call succeeded'),
    (error: unknown) => error,
  );
  if (!(failure instanceof Error)) throw new TypeError('rejected with something that is no error');
  const status = '$metadata' in failure ? statusOf(failure.$metadata) : undefined;
  return { code: failure.name, status, message: failure.message };
}

function statusOf(metadata: unknown): number | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** The numbers from 0 up to, not including, `count`. */
export function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i);
}
