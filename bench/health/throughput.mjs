// Checks per second and CPU per check of five ways to ask 20,000 distinct addresses, 256 at a time,
// all in one run on one machine: only the ratios mean something.
import { request } from 'node:http';
import { Agent, Client, request as undiciRequest } from 'undici';
import { bareCheck, pool, probeAll } from './bare-check.mjs';
import { addresses, CHECK, measure, median, prober, startServer } from './support.mjs';

const COUNT = Number(process.env.BENCH_COUNT ?? 20_000);
const CONCURRENCY = 256;
const ROUNDS = 3;
const SEQUENTIAL_COUNT = Math.min(COUNT, 4_000);

const server = await startServer();
const all = addresses(COUNT);

const rows = [
  {
    name: '(a) bare node:net loop',
    run: () => pool(all, CONCURRENCY, (host) => bareCheck(host, server.port)),
  },
  {
    name: '(b) this engine, all features on',
    run: () => probeAll(prober(CONCURRENCY), all, server.port, CHECK),
  },
  { name: '(c) undici, pooled Agent', run: () => pool(all, CONCURRENCY, pooled(new Agent())) },
  { name: "(c') undici, a Client per origin, dispatch", run: () => pool(all, CONCURRENCY, clientCheck) },
  { name: '(d) node:http without an agent', run: () => pool(all, CONCURRENCY, httpCheck) },
  { name: '(e) one after the other, as the old worker', run: () => sequential(), count: SEQUENTIAL_COUNT },
];

const figures = rows.map(() => []);
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, { run, count = COUNT }] of rows.entries()) {
    const { wallMs, cpuMs } = await measure(run);
    figures[i].push({ perSecond: (count / wallMs) * 1000, cpuMicros: (cpuMs / count) * 1000 });
  }
}
server.stop();

const base = median(figures[0].map(({ perSecond }) => perSecond));
console.log(
  `${COUNT} addresses, ${CONCURRENCY} at a time, median of ${ROUNDS} rounds, Node ${process.version}`,
);
console.table(
  Object.fromEntries(
    rows.map(({ name }, i) => {
      const perSecond = median(figures[i].map((figure) => figure.perSecond));
      const cpu = median(figures[i].map((figure) => figure.cpuMicros));
      return [
        name,
        {
          'checks/s': Math.round(perSecond),
          'CPU µs/check': Math.round(cpu),
          'ratio to (a)': Number((perSecond / base).toFixed(2)),
        },
      ];
    }),
  ),
);
process.exit(0);

async function sequential() {
  const check = pooled(new Agent());
  for (const address of all.slice(0, SEQUENTIAL_COUNT)) await check(address);
}

function httpCheck(host) {
  return new Promise((resolve, reject) => {
    const message = request({ host, port: server.port, path: '/health', agent: false }, (response) => {
      resolve(response.statusCode);
      message.destroy();
    });
    message.on('error', reject);
    message.end();
  });
}

function pooled(dispatcher) {
  return async (host) => {
    const { statusCode, body } = await undiciRequest(`http://${host}:${server.port}/health`, { dispatcher });
    await body.dump();
    return statusCode;
  };
}

function clientCheck(host) {
  return new Promise((resolve, reject) => {
    const client = new Client(`http://${host}:${server.port}`);
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
