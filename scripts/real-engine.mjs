// `ecs-dns agent` on a real container engine: podman's service on a socket, and the served sandbox for Route 53. Prints how
// long the zone takes to follow each step, and fails where it does not. It needs root, podman, runc, netavark,
// aardvark-dns, iptables and busybox-static of Debian, and `npm run build`; it runs in a network namespace of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';

if (process.env['REAL_ENGINE_INSIDE'] !== '1') {
  const inside = `ip link set lo up && exec "${process.execPath}" "${fileURLToPath(import.meta.url)}"`;
  const env = { ...process.env, REAL_ENGINE_INSIDE: '1' };
  const child = spawn('unshare', ['-n', 'sh', '-c', inside], { stdio: 'inherit', env });
  const [code] = await once(child, 'close');
  process.exit(code ?? 1);
}

const HOST = 'ip-10-9-9-9.ec2.internal';
const PORT = 4577;
const FOLLOW_LIMIT_MS = 20_000;
const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'real-engine-'));
const socket = join(folder, 'engine.sock');
const run = promisify(execFile);
const children = new Set();
const results = [];

const podmanFlags = [
  ['--root', join(folder, 'root'), '--runroot', join(folder, 'run')],
  [
    '--runtime',
    'runc',
    '--cgroup-manager',
    'cgroupfs',
    '--events-backend',
    'file',
    '--storage-driver',
    'vfs',
  ],
].flat();
const podman = (...args) => run('podman', [...podmanFlags, ...args]);

const env = {
  ...process.env,
  AWS_ENDPOINT_URL: `http://127.0.0.1:${PORT}`,
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'sandbox',
  AWS_SECRET_ACCESS_KEY: 'sandbox',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};
Object.assign(process.env, env);
const client = new Route53Client({ maxAttempts: 1 });

/** Starts a process that ends with this one. */
function start(command, args, options = {}) {
  const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'inherit'], ...options });
  children.add(child);
  child.once('close', () => children.delete(child));
  return child;
}

async function stop(child, signal = 'SIGTERM') {
  const closed = once(child, 'close');
  child.kill(signal);
  const [code] = await closed;
  return code;
}

/** Reads on when it has been said: a pipe that is closed would end the one who writes. */
async function says(stream, words) {
  let text = '';
  await new Promise((resolve) => {
    stream.on('data', (chunk) => {
      text += chunk;
      if (text.includes(words)) resolve();
    });
  });
}

async function startSandbox() {
  const child = start(process.execPath, [
    CLI,
    'sandbox',
    '--serve',
    '--policy',
    'sync',
    '--port',
    String(PORT),
  ]);
  await says(child.stdout, 'Then run');
  return child;
}

async function startEngine() {
  rmSync(socket, { force: true });
  const child = start('podman', [...podmanFlags, 'system', 'service', '--time', '0', `unix://${socket}`]);
  await waitFor(async () => {
    await run('sh', ['-c', `test -S ${socket}`]);
    return true;
  });
  return child;
}

async function waitFor(isSo) {
  for (const end = Date.now() + FOLLOW_LIMIT_MS; Date.now() < end; await delay(20)) {
    if (await isSo().catch(() => false)) return true;
  }
  return false;
}

async function zone() {
  const sets = await recordSets();
  return sets.filter(({ SetIdentifier = '' }) => SetIdentifier.includes(HOST));
}

async function recordSets() {
  const { HostedZones } = await client.send(
    new (await import('@aws-sdk/client-route-53')).ListHostedZonesCommand({}),
  );
  const [found] = HostedZones.filter(({ Name }) => Name === 'servicediscovery.internal.');
  const HostedZoneId = found.Id.replace('/hostedzone/', '');
  const { ResourceRecordSets } = await client.send(new ListResourceRecordSetsCommand({ HostedZoneId }));
  return ResourceRecordSets;
}

/** Waits until the zone has just these values of the host's SRV sets, and prints how long that took. */
async function follows(step, expected, since = Date.now()) {
  const values = async () =>
    (await zone())
      .filter(({ Type }) => Type === 'SRV')
      .map(({ Name, ResourceRecords }) => `${Name.split('.')[0]} ${ResourceRecords[0].Value.split(' ')[2]}`)
      .toSorted()
      .join(', ');
  const isFollowed = await waitFor(async () => (await values()) === expected.toSorted().join(', '));
  const took = Date.now() - since;
  results.push(isFollowed);
  process.stdout.write(`${isFollowed ? 'ok  ' : 'FAIL'} ${String(took).padStart(6)} ms  ${step}\n`);
  if (!isFollowed)
    process.stdout.write(`     expected ${expected.join(', ')}; the zone has ${await values()}\n`);
}

const LIMITS = ['--ulimit', 'nofile=1024:1024', '--ulimit', 'nproc=1024:1024'];

async function runContainer(name, ports, ...metadata) {
  const published = Object.entries(ports).flatMap(([port, hostPort]) => ['-p', `${hostPort}:${port}`]);
  await podman(
    'run',
    '-d',
    '--name',
    name,
    ...LIMITS,
    ...published,
    ...metadata,
    'app:1',
    '/bin/sleep',
    '1000',
  );
  return Date.now();
}

async function importImage() {
  const script = `mkdir -p ${folder}/image/bin && cp /bin/busybox ${folder}/image/bin/ && ln -s busybox ${folder}/image/bin/sleep && tar -C ${folder}/image -c . | podman ${podmanFlags.join(' ')} import --change 'ENV SERVICE_7000_NAME=_image._tcp' - app:1`;
  await run('sh', ['-c', script]);
}

const AGENT = ['--zone', 'servicediscovery.internal', '--hostname', HOST, '--agent-address', '10.9.9.9'];
const agentArgs = (...more) => [CLI, 'agent', ...AGENT, '--agent-socket', socket, ...more];
const ends = async (...more) => run(process.execPath, agentArgs(...more), { env });

async function main() {
  await importImage();
  let sandbox = await startSandbox();
  let engine = await startEngine();
  await runContainer('first', { 8080: 18_080 }, '-e', 'SERVICE_8080_NAME=_web._tcp');
  let since = Date.now();
  await ends('--sync');
  await follows('--sync registers what runs', ['_web 18080'], since);
  since = Date.now();
  await ends('--remove');
  await follows('--remove takes it out, though it runs', [], since);

  const agent = start(process.execPath, agentArgs('--every', '60s'), {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await follows('the agent starts, and registers what runs', ['_web 18080']);
  since = await runContainer(
    'second',
    { 80: 18_081, 81: 18_082 },
    '-l',
    'SERVICE_80_NAME=_a._tcp',
    '-l',
    'SERVICE_81_NAME=_a._tcp',
  );
  await follows(
    'a container starts, with two ports by labels',
    ['_web 18080', '_a 18081', '_a 18082'],
    since,
  );
  since = await runContainer('third', { 7000: 18_083 });
  await follows(
    '… named by the ENV of its image',
    ['_web 18080', '_a 18081', '_a 18082', '_image 18083'],
    since,
  );
  await runContainer('bad', { 8080: 18_084 }, '-e', 'SERVICE_8080_NAME=bad name!');
  since = Date.now();
  await podman('kill', 'second');
  await follows('a container is killed, next to one of a bad name', ['_web 18080', '_image 18083'], since);
  await podman('start', 'second');
  await follows('… and started again', ['_web 18080', '_image 18083', '_a 18081', '_a 18082']);
  await podman('restart', '-t', '0', 'first');
  await follows('a container is restarted', ['_web 18080', '_image 18083', '_a 18081', '_a 18082']);

  await stop(engine);
  await podman('kill', 'third');
  engine = await startEngine();
  await follows('the engine was away, and a container died meanwhile', [
    '_web 18080',
    '_a 18081',
    '_a 18082',
  ]);
  await podman('kill', 'second');
  await follows('… and its events are heard again', ['_web 18080']);

  await stop(sandbox);
  await runContainer('fourth', { 8080: 18_085 }, '-e', 'SERVICE_8080_NAME=_late._tcp');
  await delay(5_000);
  sandbox = await startSandbox();
  await follows('AWS was out of reach, and is back with an empty zone', ['_web 18080', '_late 18085']);

  since = Date.now();
  const code = await stop(agent);
  process.stdout.write(
    `${code === 0 ? 'ok  ' : 'FAIL'} ${String(Date.now() - since).padStart(6)} ms  SIGTERM ends it with ${code}\n`,
  );
  results.push(code === 0);
  await follows('… and the zone stays', ['_web 18080', '_late 18085']);
  const leaving = start(process.execPath, agentArgs('--deregister-on-exit'), {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await says(leaving.stderr, 'following');
  await delay(1_000);
  since = Date.now();
  await stop(leaving);
  await follows('--deregister-on-exit: SIGTERM takes the host out', [], since);
}

try {
  await main();
} finally {
  await podman('rm', '-f', '-t', '0', '-a').catch(() => {});
  for (const child of children) child.kill();
  client.destroy();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = results.every(Boolean) ? 0 : 1;
