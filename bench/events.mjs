// How soon the zone follows what ECS tells, by events and without them: a rolling deploy of five tasks, then a churn of
// starts and stops, each with an endpoint in the fleet that takes connections and never answers. The worker is the built
// command in a process of its own; containers are real servers on loopback; events come 1.5 s after the fact.

import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { feedTaskEvents } from '../dist/sandbox/events/task-events.js';
import { FleetBuilder } from '../dist/sandbox/fleet/fleet-builder.js';
import { startSandboxServer } from '../dist/sandbox/server.js';
import { createWorld } from '../dist/sandbox/world/world.js';

const LAG_MS = 1_500;
const ZONE = 'servicediscovery.internal';
const NAME = '_orders._tcp';
const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const CHURN = { starts: 98, stops: 80, overMs: 75_000 };

/** A fleet with a queue, and a worker that watches it. */
async function open(block, { withEvents }) {
  const world = createWorld({ seed: block });
  const fleet = new FleetBuilder(world, world.addHostedZone({ name: ZONE, private: true }));
  const cluster = world.addCluster('blue');
  const machines = Array.from({ length: 4 }, (_, i) =>
    world.addMachine({ cluster, address: `127.${block}.0.${i + 1}` }),
  );
  feedTaskEvents(world, world.addQueue('ecs-events'), { now: Date.now, lagMs: LAG_MS });
  const portMappings = [{ containerPort: 8080, hostPort: 0 }];
  const service = fleet.addService({ name: NAME, mode: 'bridge', cluster, portMappings });
  const other = fleet.addService({ name: '_slow._tcp', mode: 'bridge', cluster, portMappings });
  const server = await startSandboxServer(world);
  const servers = new Map();
  const listen = async (member, make = healthy) => {
    const one = make();
    servers.set(member, one);
    await new Promise((resolve) => one.listen(member.port, member.address, resolve));
  };
  let next = 0;
  const start = async (of = service, make = healthy) => {
    next += 1;
    const member = fleet.run(of, { machine: machines[next % machines.length], startedAt: Date.now() / 1000 });
    await listen(member, make);
    return member;
  };
  /** ECS says that it is to stop; its process ends a second later, and ECS says that it has stopped. */
  const stop = async (member) => {
    world.tellToStop(member.task, 'replaced', Date.now() / 1000);
    await sleep(3_000);
    servers.get(member).close();
    servers.get(member).closeAllConnections?.();
    servers.delete(member);
    world.stopTask(member.task);
  };
  const idOf = ({ host, containerId }) => `${host}:${containerId}`;
  const registered = () => new Set(fleet.zone.list().map(({ SetIdentifier }) => SetIdentifier));
  const answering = () => {
    const ids = registered();
    return [...servers.keys()].filter((member) => ids.has(idOf(member))).length;
  };
  const hanging = await start(other, () => createTcpServer(() => {}));
  const args = [
    'watch',
    '--every',
    '60s',
    '--zone',
    ZONE,
    '--policy',
    'sync',
    '--journal',
    'none',
    '--health-allow',
    '127.0.0.0/8',
    '--health-timeout',
    '2s',
    '--grace',
    '0s',
  ];
  if (withEvents) args.push('--events', `${server.url}/123456789012/ecs-events`);
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: server.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'sandbox',
    AWS_SECRET_ACCESS_KEY: 'sandbox',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const first = [];
  for (let i = 0; i < 5; i += 1) first.push(await start());
  const worker = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  worker.stderr.on('data', (text) => {
    stderr += text;
  });
  while (first.some((member) => !registered().has(idOf(member)))) await sleep(100);
  return {
    first,
    start,
    stop,
    registered,
    answering,
    idOf,
    hanging,
    server,
    close: async () => {
      worker.kill('SIGTERM');
      await new Promise((resolve) => worker.once('exit', resolve));
      for (const one of servers.values()) {
        one.close();
        one.closeAllConnections?.();
      }
      await server.close();
      return stderr;
    },
  };
}

function healthy() {
  return createServer((_, response) => response.end('ok'));
}

/** ECS replaces one task after the other: the new one runs, is given some seconds, then the old one is stopped. */
async function deploy(withEvents, block) {
  const world = await open(block, { withEvents });
  let [silentMs, last] = [0, performance.now()];
  const watching = setInterval(() => {
    const now = performance.now();
    if (world.answering() === 0) silentMs += now - last;
    last = now;
  }, 50);
  for (const old of world.first) {
    await world.start();
    await sleep(5_000);
    await world.stop(old);
  }
  await sleep(15_000);
  clearInterval(watching);
  await world.close();
  return silentMs;
}

async function churn(withEvents, block) {
  const world = await open(block, { withEvents });
  const [comes, goes] = [[], []];
  const until = async (isSo, times, began) => {
    const end = began + 180_000;
    while (!isSo() && performance.now() < end) await sleep(20);
    times.push(performance.now() - began);
  };
  const waits = [];
  const running = [...world.first];
  const gap = CHURN.overMs / CHURN.starts;
  let stops = 0;
  for (let i = 0; i < CHURN.starts; i += 1) {
    const began = performance.now();
    const member = await world.start();
    running.push(member);
    const id = world.idOf(member);
    waits.push(until(() => world.registered().has(id), comes, began));
    if (running.length > 8 && stops < CHURN.stops) {
      stops += 1;
      const old = running.shift();
      waits.push(
        world
          .stop(old)
          .then(() => until(() => !world.registered().has(world.idOf(old)), goes, performance.now())),
      );
    }
    await sleep(gap);
  }
  await Promise.all(waits);
  const calls = world.server.counts();
  await world.close();
  return { starts: comes.length, stops: goes.length, comes: summary(comes), goes: summary(goes), calls };
}

function summary(times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => `${(sorted[Math.floor(share * (sorted.length - 1))] / 1000).toFixed(2)} s`;
  return `median ${at(0.5)}, 90 % ${at(0.9)}, longest ${at(1)}`;
}

console.log(`events lag ${LAG_MS / 1000} s; a container answers for 3 s after it was told to stop`);
console.log(`deploy, events on: ${((await deploy(true, 211)) / 1000).toFixed(1)} s without a living answer`);
if (!process.argv.includes('--short'))
  console.log(
    `deploy, events off: ${((await deploy(false, 212)) / 1000).toFixed(1)} s without a living answer`,
  );
const { starts, stops, comes, goes, calls } = await churn(true, 213);
console.log(`churn, ${starts} starts and ${stops} stops, one endpoint hangs:`);
console.log(`  ECS says RUNNING → record: ${comes}`);
console.log(`  ECS says STOPPED → gone: ${goes}`);
console.log(`  calls: ${JSON.stringify(calls)}`);
