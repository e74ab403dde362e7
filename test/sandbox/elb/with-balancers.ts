import { ElasticLoadBalancingClient } from '@aws-sdk/client-elastic-load-balancing';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { onTestFinished } from 'vitest';
import type { World } from '../../../src/sandbox/world/world.ts';
import { accessTo } from '../../aws/support.ts';
import type { TestServerOptions } from '../test-server.ts';
import { withSandbox } from '../with-sandbox.ts';

/** A sandbox with the clients of both generations of Elastic Load Balancing at it, which try once. */
export async function withBalancers(world: World, options: TestServerOptions = {}) {
  const sandbox = await withSandbox(world, options);
  const config = { ...accessTo(sandbox.server.url), region: world.region, maxAttempts: 1 };
  const elbv2 = new ElasticLoadBalancingV2Client(config);
  const elb = new ElasticLoadBalancingClient(config);
  onTestFinished(() => {
    elbv2.destroy();
    elb.destroy();
  });
  return { ...sandbox, elbv2, elb };
}
