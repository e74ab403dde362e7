// Checks per second and CPU per check of several ways to ask distinct addresses, 256 at a time, plain and
// over TLS, all in one run on one machine: only the ratios mean something.
import { request } from 'node:http';
import { request as requestTls } from 'node:https';
import { Agent, Client, request as undiciRequest } from 'undici';
import { bareCheck, bareTlsCheck, pool, probeAll } from './bare-check.mjs';
import { addresses, CHECK, measure, median, prober, startServer } from './support.mjs';

const COUNT = Number(process.env.BENCH_COUNT ?? 20_000);
const CONCURRENCY = 256;
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
/** Ways that take several times as long are asked for fewer addresses. */
const FEWER = Math.min(COUNT, 4_000);
const ANY_CERTIFICATE = { rejectUnauthorized: false };

const plain = await startServer();
const tls = await startServer(0, 'tls');

await compare('plain', plain.port, COUNT, [
  {
    name: '(a) bare node:net loop',
    run: (all, port) => pool(all, CONCURRENCY, (host) => bareCheck(host, port)),
  },
  {
    name: '(b) this engine, all features on',
    run: (all, port) => probeAll(prober(CONCURRENCY), all, port, CHECK),
  },
  {
    name: '(c) undici, pooled Agent',
    run: (all, port) => withAgent((agent) => pool(all, CONCURRENCY, pooled(agent, port))),
    count: FEWER,
  },
  {
    name: '(d) undici, a Client per origin, dispatch',
    run: (all, port) => pool(all, CONCURRENCY, clientCheck('http', port)),
  },
  {
    name: '(e) node:http without an agent',
    run: (all, port) => pool(all, CONCURRENCY, httpCheck(request, { port })),
  },
  {
    name: '(f) one after the other, as the old worker',
    run: (all, port) =>
      withAgent(async (agent) => {
        const check = pooled(agent, port);
        for (const host of all) await check(host);
      }),
    count: FEWER,
  },
]);
await compare('TLS', tls.port, FEWER, [
  {
    name: '(a) bare node:tls loop',
    run: (all, port) => pool(all, CONCURRENCY, (host) => bareTlsCheck(host, port)),
  },
  {
    name: '(b) this engine, all features on',
    run: (all, port) =>
      probeAll(prober(CONCURRENCY), all, port, {
        ...CHECK,
        kind: 'https',
        timeoutMs: 20_000,
        tlsSkipVerify: true,
      }),
  },
  {
    name: '(d) undici, a Client per origin, dispatch',
    run: (all, port) => pool(all, CONCURRENCY, clientCheck('https', port)),
  },
  {
    name: '(e) node:https without an agent',
    run: (all, port) => pool(all, CONCURRENCY, httpCheck(requestTls, { port, ...ANY_CERTIFICATE })),
  },
]);
plain.stop();
tls.stop();
process.exit(0);

/** Runs all ways in turn, round by round, and prints the middle of each beside that of the first. */
async function compare(title, port, count, rows) {
  const figures = rows.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, row] of rows.entries()) {
      const own = row.count ?? count;
      const { wallMs, cpuMs } = await measure(() => row.run(addresses(own), port));
      figures[i].push({ perSecond: (own / wallMs) * 1000, cpuMicros: (cpuMs / own) * 1000 });
    }
  }
  const middle = (i, figure) => median(figures[i].map((one) => one[figure]));
  console.log(
    `${title}: ${count} addresses, ${CONCURRENCY} at a time, median of ${ROUNDS} rounds, Node ${process.version}`,
  );
  const cells = rows.map(({ name }, i) => [
    name,
    {
      'checks/s': Math.round(middle(i, 'perSecond')),
      'to (a)': Number((middle(i, 'perSecond') / middle(0, 'perSecond')).toFixed(2)),
      'CPU µs/check': Math.round(middle(i, 'cpuMicros')),
      'CPU to (a)': Number((middle(i, 'cpuMicros') / middle(0, 'cpuMicros')).toFixed(2)),
    },
  ]);
  console.table(Object.fromEntries(cells));
}

function httpCheck(ask, options) {
  return (host) =>
    new Promise((resolve, reject) => {
      const message = ask({ host, path: '/health', agent: false, ...options }, (response) => {
        resolve(response.statusCode);
        message.destroy();
      });
      message.on('error', reject);
      message.end();
    });
}

/** Closes what the agent keeps open with the row, or the next row would pay for it. */
async function withAgent(work) {
  const agent = new Agent();
  await work(agent);
  await agent.destroy();
}

function pooled(dispatcher, port) {
  return async (host) => {
    const { statusCode, body } = await undiciRequest(`http://${host}:${port}/health`, { dispatcher });
    await body.dump();
    return statusCode;
  };
}

function clientCheck(scheme, port) {
  return (host) =>
    new Promise((resolve, reject) => {
      const client = new Client(`${scheme}://${host}:${port}`, { connect: ANY_CERTIFICATE });
      let status = 0;
      client.dispatch(
        { path: '/health', method: 'GET' },
        {
          onRequestStart() {},
          onResponseStart(_controller, statusCode) {
            status = statusCode;
          },
          onResponseData() {},
          onResponseEnd() {
            client.destroy().then(() => resolve(status), reject);
          },
          onResponseError(_controller, error) {
            reject(error);
          },
        },
      );
    });
}
