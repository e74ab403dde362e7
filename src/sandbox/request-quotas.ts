import type { Rate, Service } from './service.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * How many requests the services take.
 *
 * | quotas  | each action        | all of Route 53 together | record sets changed there     |
 * |---------|--------------------|--------------------------|-------------------------------|
 * | none    | as many as come    | as many as come          | as many as come               |
 * | current | AWS's token bucket | 50, and 10 a second      | 1,000, and 500 a second       |
 * | older   | AWS's token bucket | 5, and 5 a second        | as many as come               |
 * | a rate  | that rate          | as many as come          | `changes`, or as many as come |
 *
 * How many changes AWS takes is not documented: the figure is made up.
 *
 * The actions of one API of Elastic Load Balancing share their bucket.
 *
 * Sources: ECS API reference, "Request throttling"; EC2 API reference, "Request throttling"; Route 53
 * Developer Guide, "Quotas", today's text and its older one of five requests a second an account; Elastic
 * Load Balancing User Guide, "Request throttling".
 */
export type Quotas = 'none' | 'current' | 'older' | (Rate & { readonly changes?: Rate });

/** The older quota of a whole account. */
export const ROUTE53_ACCOUNT: Rate = { burst: 5, perSecond: 5 };

/** Today's quota of a whole account. */
const ROUTE53_ACCOUNT_TODAY: Rate = { burst: 50, perSecond: 10 };
const CHANGES: Rate = { burst: 1_000, perSecond: 500 };

interface Drawn {
  readonly bucket: TokenBucket;
  readonly cost: number;
}

/** The buckets of one account. */
export class QuotaMeter {
  readonly #quotas: Quotas;
  readonly #buckets = new Map<string, TokenBucket>();

  constructor(quotas: Quotas) {
    this.#quotas = quotas;
  }

  /** Takes what a request costs of every bucket it draws on; false, and nothing taken, when one has too little. */
  take(service: Service, operation: string, now: number, changes = 0): boolean {
    const drawn = this.#drawnBy(service, operation, now, changes);
    if (!drawn.every(({ bucket, cost }) => bucket.has(now, cost))) return false;
    for (const { bucket, cost } of drawn) bucket.take(now, cost);
    return true;
  }

  #drawnBy(service: Service, operation: string, now: number, changes: number): readonly Drawn[] {
    const quotas = this.#quotas;
    if (quotas === 'none') return [];
    const rate = typeof quotas === 'string' ? service.rateOf(operation) : quotas;
    const name = service.hasOneBucket === true ? service.name : `${service.name}:${operation}`;
    const rates = [{ name, rate, cost: 1 }];
    if (service.name === 'route53') {
      const [account, throughput] = route53RatesOf(quotas);
      if (account !== undefined) rates.push({ name: service.name, rate: account, cost: 1 });
      if (throughput !== undefined && changes > 0)
        rates.push({ name: 'route53 changes', rate: throughput, cost: changes });
    }
    return rates.map((one) => ({ bucket: this.#bucket(one.name, one.rate, now), cost: one.cost }));
  }

  #bucket(name: string, rate: Rate, now: number): TokenBucket {
    const known = this.#buckets.get(name);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(rate, now);
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

/** Of a whole account, and of the record sets that are changed. */
function route53RatesOf(quotas: Exclude<Quotas, 'none'>): readonly [Rate | undefined, Rate | undefined] {
  if (quotas === 'current') return [ROUTE53_ACCOUNT_TODAY, CHANGES];
  return quotas === 'older' ? [ROUTE53_ACCOUNT, undefined] : [undefined, quotas.changes];
}
