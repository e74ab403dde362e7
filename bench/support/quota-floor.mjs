// How long AWS's quotas alone make a number of calls take: each bucket gives what it holds at once, and the
// rest as it fills. No order among the calls, no latency, no work: nothing can be faster.
import { ec2Service } from '../../dist/sandbox/ec2/ec2-service.js';
import { ecsService } from '../../dist/sandbox/ecs/ecs-service.js';
import { ROUTE53_ACCOUNT } from '../../dist/sandbox/request-quotas.js';
import { route53Service } from '../../dist/sandbox/route53/route53-service.js';
import { total } from './figures.mjs';

const SERVICES = { ecs: ecsService, ec2: ec2Service, route53: route53Service };

/** Milliseconds, and the bucket that takes them. */
export function quotaFloor(calls, quotas) {
  const buckets = Object.entries(calls).map(([operation, count]) => {
    const [service, action] = operation.split(':');
    return { bucket: operation, ms: timeOf(count, SERVICES[service].rateOf(action)) };
  });
  if (quotas === 'older') {
    const route53 = Object.fromEntries(Object.entries(calls).filter(([name]) => name.startsWith('route53:')));
    buckets.push({ bucket: 'all of Route 53', ms: timeOf(total(route53), ROUTE53_ACCOUNT) });
  }
  return buckets.toSorted((a, b) => b.ms - a.ms)[0];
}

/** How many calls of an operation fit into a time, in milliseconds. */
export function callsWithin(ms, operation, quotas) {
  const [service, action] = operation.split(':');
  const isOlder = quotas === 'older' && service === 'route53';
  const { burst, perSecond } = isOlder ? ROUTE53_ACCOUNT : SERVICES[service].rateOf(action);
  return Math.floor(burst + (perSecond * ms) / 1000);
}

function timeOf(count, { burst, perSecond }) {
  return Math.max(0, ((count - burst) / perSecond) * 1000);
}
