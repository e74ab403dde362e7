import type { Rate, Service } from './service.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * How many requests the services take.
 *
 * | quotas  | each action                  | all of Route 53 together |
 * |---------|------------------------------|--------------------------|
 * | none    | as many as come              | as many as come          |
 * | current | AWS's token bucket           | as many as come          |
 * | older   | AWS's token bucket           | 5 a second               |
 * | a rate  | that rate                    | as many as come          |
 *
 * The actions of one API of Elastic Load Balancing share their bucket.
 *
 * Sources: ECS API reference, "Request throttling"; EC2 API reference, "Request throttling"; Route 53
 * Developer Guide, "Quotas", today's text and its older one of five requests a second an account; Elastic
 * Load Balancing User Guide, "Request throttling".
 */
export type Quotas = 'none' | 'current' | 'older' | Rate;

/** The older quota of a whole account. */
export const ROUTE53_ACCOUNT: Rate = { burst: 5, perSecond: 5 };

/** The buckets of one account. */
export class QuotaMeter {
  readonly #quotas: Quotas;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(quotas: Quotas) {
    this.#quotas = quotas;
  }

  /** Takes one token of every bucket a request draws on; false, and nothing taken, when one is empty. */
  take(service: Service, operation: string, now: number): boolean {
    const buckets = this.#bucketsOf(service, operation, now);
    if (!buckets.every((bucket) => bucket.has(now))) return false;
    for (const bucket of buckets) bucket.take(now);
    return true;
  }

  #bucketsOf(service: Service, operation: string, now: number): readonly TokenBucket[] {
    const quotas = this.#quotas;
    if (quotas === 'none') return [];
    const rate = typeof quotas === 'string' ? service.rateOf(operation) : quotas;
    const name = service.hasOneBucket === true ? service.name : `${service.name}:${operation}`;
    const action = this.#bucket(name, rate, now);
    if (quotas !== 'older' || service.name !== 'route53') return [action];
    return [action, this.#bucket(service.name, ROUTE53_ACCOUNT, now)];
  }

  #bucket(name: string, rate: Rate, now: number): TokenBucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(rate, now);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}
