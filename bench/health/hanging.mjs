// 10,000 endpoints, of which 5 % hang until the timeout and 5 % refuse: the wall time beside what the
// hanging attempts and the throughput alone force.
import { addresses, CHECK, measure, prober, startServer } from './support.mjs';

const COUNT = 10_000;
const CONCURRENCY = 256;
const server = await startServer(20);
const all = addresses(COUNT);
const isHanging = (address) => Number(address.split('.')[3]) % 20 === 0;
const targets = all.map((address, i) => ({
  address,
  port: !isHanging(address) && i % 20 === 1 ? 1 : server.port,
  check: CHECK,
}));
const hanging = all.filter(isHanging).length;
const refusing = targets.filter(({ port }) => port === 1).length;

const quick = targets.filter(({ address, port }) => port !== 1 && !isHanging(address));
const alone = await measure(() => prober(CONCURRENCY).probe(quick, {}, undefined));
const throughput = quick.length / alone.wallMs;
const { wallMs, value } = await measure(() => prober(CONCURRENCY).probe(targets, {}, undefined));
server.stop();

const outcomes = {};
for (const { kind } of value.values()) outcomes[kind] = (outcomes[kind] ?? 0) + 1;
const hangMs = (hanging * CHECK.attempts * CHECK.timeoutMs) / CONCURRENCY;
const checks = quick.length + refusing * CHECK.attempts + hanging * CHECK.attempts;
const forcedMs = Math.max(hangMs, checks / throughput);
console.log(
  `${COUNT} endpoints, ${hanging} hang, ${refusing} refuse; ${CONCURRENCY} at a time`,
  outcomes ?? '',
);
console.log(
  `forced by hanging attempts: ${(hangMs / 1000).toFixed(1)} s; by throughput: ${(checks / throughput / 1000).toFixed(1)} s`,
);
console.log(`wall: ${(wallMs / 1000).toFixed(1)} s; ratio ${(wallMs / forcedMs).toFixed(2)} (goal ≤ 1.2)`);
process.exit(0);
