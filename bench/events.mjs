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
import { claimFreeBlock } from '../dist/sandbox/claim-block.js';
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
async function open({ withEvents, every = '60s', hangs = true }) {
  const { block, release } = await claimFreeBlock();
  const world = createWorld();
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
  const hanging = hangs ? await start(other, () => createTcpServer(() => {})) : undefined;
  const args = [
    'watch',
    '--every',
    every,
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
      await release();
      return stderr;
    },
  };
}

function healthy() {
  return createServer((_, response) => response.end('ok'));
}

/** ECS replaces one task after the other: the new one runs, is given some seconds, then the old one is stopped. */
async function deploy(withEvents) {
  const world = await open({ withEvents });
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

async function churn(how, { starts: toStart, stops: toStop, overMs } = CHURN) {
  const world = await open(how);
  const [comes, goes] = [[], []];
  const until = async (isSo, times, began) => {
    const end = began + 180_000;
    while (!isSo() && performance.now() < end) await sleep(20);
    times.push(performance.now() - began);
  };
  const waits = [];
  const running = [...world.first];
  const gap = overMs / toStart;
  let stops = 0;
  for (let i = 0; i < toStart; i += 1) {
    const began = performance.now();
    const member = await world.start();
    running.push(member);
    const id = world.idOf(member);
    waits.push(until(() => world.registered().has(id), comes, began));
    if (running.length > 8 && stops < toStop) {
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
  return { comes, goes, calls };
}

function at(times, share) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] / 1000;
}

function summary(times) {
  const [median, most, longest] = [0.5, 0.9, 1].map((share) => `${at(times, share).toFixed(2)} s`);
  return `median ${median}, 90 % ${most}, longest ${longest}`;
}

console.log(`events lag ${LAG_MS / 1000} s; a container answers for 3 s after it was told to stop`);
if (!process.argv.includes('--periodic')) {
  console.log(`deploy, events on: ${((await deploy(true)) / 1000).toFixed(1)} s without a living answer`);
  if (!process.argv.includes('--short')) {
    const silentMs = await deploy(false);
    console.log(`deploy, events off: ${(silentMs / 1000).toFixed(1)} s without a living answer`);
  }
  const { comes, goes, calls } = await churn({ withEvents: true });
  console.log(`churn, ${comes.length} starts and ${goes.length} stops, one endpoint hangs:`);
  console.log(`  ECS says RUNNING → record: ${summary(comes)}`);
  console.log(`  ECS says STOPPED → gone: ${summary(goes)}`);
  console.log(`  calls: ${JSON.stringify(calls)}`);
}
const few = { starts: 40, stops: 30, overMs: 80_000 };
const all = await churn({ withEvents: false, every: '5s', hangs: false }, few);
const beside = await churn({ withEvents: false, every: '5s', hangs: true }, few);
console.log('no events, a run every 5 s, ECS says RUNNING → record:');
console.log(`  nothing hangs: ${summary(all.comes)}`);
console.log(`  one endpoint hangs: ${summary(beside.comes)}`);
console.log(`  median with one that hangs: ${(at(beside.comes, 0.5) / at(all.comes, 0.5)).toFixed(2)} ×`);
