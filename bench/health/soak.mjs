// 200,000 checks of healthy servers while other processes keep every core busy: none may be found
// unhealthy.

import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { addresses, CHECK, prober, startServer } from './support.mjs';

if (process.argv[2] === 'burn') {
  for (;;) Math.sqrt(Math.random());
}

const ROUNDS = 10;
const COUNT = 20_000;
const burners = Array.from({ length: availableParallelism() }, () =>
  fork(new URL(import.meta.url), ['burn']),
);
const server = await startServer();
const counts = {};
try {
  for (let round = 0; round < ROUNDS; round++) {
    const targets = addresses(COUNT).map((address) => ({ address, port: server.port, check: CHECK }));
    for (const { kind, reason = '', attempts } of (
      await prober(256).probe(targets, {}, undefined)
    ).values()) {
      const key = `${kind} ${reason}${attempts > 1 ? ' after a failed attempt' : ''}`.trim();
      counts[key] = (counts[key] ?? 0) + 1;
    }
  }
} finally {
  for (const burner of burners) burner.kill('SIGKILL');
  server.stop();
}
console.log(`${ROUNDS * COUNT} checks under full load of ${burners.length} cores:`, counts);
process.exit(Object.keys(counts).some((key) => key.startsWith('unhealthy')) ? 1 : 0);
