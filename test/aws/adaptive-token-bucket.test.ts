import { describe, expect, it } from 'vitest';
import { AdaptiveTokenBucket } from '../../src/aws/adaptive-token-bucket.ts';
import type { Quota } from '../../src/model/quota.ts';
import { tokenBucket } from './support.ts';

const QUOTA: Quota = { burst: 100, perSecond: 20 };

/** What an account does to a client that sends `requests`, one after the other, `latencyMs` apart. */
function send(
  bucket: AdaptiveTokenBucket,
  account: (now: number) => boolean,
  { requests, latencyMs = 30, from = 0 }: { requests: number; latencyMs?: number; from?: number },
) {
  let [now, sent, refused] = [from, 0, 0];
  for (let granted = 0; granted < requests; sent++) {
    now += bucket.waitMs(now);
    bucket.take(now);
    const sentAt = now;
    const isGranted = account(now + latencyMs / 2);
    now += latencyMs;
    if (isGranted) granted += 1;
    else {
      refused += 1;
      bucket.refused(sentAt, now);
    }
  }
  return { tookMs: now - from, refusedShare: refused / sent, refused, now };
}

const forcedMs = ({ burst, perSecond }: Quota, requests: number) => ((requests - burst) / perSecond) * 1000;

describe('a bucket of the documented quota', () => {
  it('lets the burst go at once, and then so many a second', () => {
    const bucket = new AdaptiveTokenBucket(QUOTA, 0);
    for (let i = 0; i < 95; i++) {
      expect(bucket.waitMs(0)).toBe(0);
      bucket.take(0);
    }
    expect(bucket.waitMs(0)).toBe(50);
    expect(bucket.waitMs(20)).toBe(30);
    expect(bucket.waitMs(50)).toBe(0);
  });

  it('is refused nothing by an account that grants just that', () => {
    const { tookMs, refused } = send(new AdaptiveTokenBucket(QUOTA, 0), tokenBucket(QUOTA), {
      requests: 1_000,
    });
    expect(refused).toBe(0);
    expect(tookMs).toBeLessThan(forcedMs(QUOTA, 1_000) * 1.15);
  });

  it('fills again while nothing is sent, and never above its burst', () => {
    const bucket = new AdaptiveTokenBucket({ burst: 10, perSecond: 1 }, 0);
    for (let i = 0; i < 9; i++) bucket.take(0);
    expect(bucket.waitMs(0)).toBeGreaterThan(0);
    for (let i = 0; i < 9; i++) bucket.take(3_600_000);
    expect(bucket.waitMs(3_600_000)).toBeGreaterThan(0);
  });

  it('takes nothing away when the clock is set back', () => {
    const bucket = new AdaptiveTokenBucket({ burst: 10, perSecond: 1 }, 10_000);
    for (let i = 0; i < 9; i++) bucket.take(10_000);
    expect(bucket.waitMs(10_000)).toBe(500);
    expect(bucket.waitMs(0)).toBe(500);
  });
});

describe('an account that grants less than is documented', () => {
  it.each<[string, Quota, Quota, number]>([
    ['half of it', QUOTA, { burst: 50, perSecond: 10 }, 1_000],
    ['the burst, but a lower rate', QUOTA, { burst: 100, perSecond: 12 }, 1_000],
    ['the rate, but a lower burst', QUOTA, { burst: 10, perSecond: 20 }, 1_000],
    ['a shared bucket', QUOTA, { burst: 33, perSecond: 7 }, 500],
    ['what Route 53 once had', { burst: 50, perSecond: 10 }, { burst: 5, perSecond: 5 }, 354],
  ])('%s is learnt', (_, documented, true_, requests) => {
    const account = tokenBucket(true_);
    const bucket = new AdaptiveTokenBucket(documented, 0);
    const first = send(bucket, account, { requests });
    expect(first.tookMs).toBeLessThan(forcedMs(true_, requests) * 1.15);
    expect(first.refusedShare).toBeLessThan(0.02);

    // The next run of a warm process has not forgotten it.
    const second = send(bucket, account, { requests, from: first.now + 300_000 });
    expect(second.tookMs).toBeLessThan(forcedMs(true_, requests) * 1.15);
    expect(second.refused).toBeLessThanOrEqual(first.refused);
  });

  it('is found to grant more again', () => {
    const bucket = new AdaptiveTokenBucket(QUOTA, 0);
    const { now } = send(bucket, tokenBucket({ burst: 20, perSecond: 5 }), { requests: 300 });
    const later = send(bucket, tokenBucket(QUOTA), { requests: 3_000, from: now });
    const last = send(bucket, tokenBucket(QUOTA), { requests: 1_000, from: later.now });
    expect(last.tookMs).toBeLessThan((1_000 / QUOTA.perSecond) * 1000 * 1.01);
  });

  it('is asked at least every few seconds, whatever it refuses', () => {
    const bucket = new AdaptiveTokenBucket(QUOTA, 0);
    let now = 0;
    for (let i = 0; i < 30; i++) {
      now += bucket.waitMs(now);
      bucket.take(now);
      bucket.refused(now, now);
    }
    expect(bucket.waitMs(now)).toBeLessThanOrEqual(10_000);
  });
});

it('takes refusals of requests that were under way together for one', () => {
  const bucket = new AdaptiveTokenBucket(QUOTA, 0);
  for (let i = 0; i < 95; i++) bucket.take(0);
  const [alone, together] = [bucket, new AdaptiveTokenBucket(QUOTA, 0)];
  for (let i = 0; i < 95; i++) together.take(0);
  alone.refused(0, 30);
  for (let i = 0; i < 8; i++) together.refused(0, 30);
  expect(together.waitMs(30)).toBe(alone.waitMs(30));
});
