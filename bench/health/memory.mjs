// Peak memory of checking 100,000 endpoints, above that of the idle process with everything loaded.
import { addresses, CHECK, prober, startServer } from './support.mjs';

const COUNT = 100_000;
const MIB = 1024 * 1024;
const server = await startServer();
const targetsOf = (count) =>
  addresses(count).map((address) => ({ address, port: server.port, check: CHECK }));
await prober(256).probe(targetsOf(1), {}, undefined);
const idle = process.memoryUsage().rss;
const targets = targetsOf(COUNT);
const outcomes = await prober(256).probe(targets, {}, undefined);
const peak = process.resourceUsage().maxRSS * 1024;
server.stop();
console.log(
  `${outcomes.size} endpoints: idle ${Math.round(idle / MIB)} MiB, peak ${Math.round(peak / MIB)} MiB, ${Math.round((peak - idle) / MIB)} MiB above (goal ≤ 256)`,
);
process.exit(0);
