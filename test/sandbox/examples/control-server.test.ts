import { request } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openControlServer } from '../../../src/sandbox/examples/control-server.ts';
import { exampleFleet } from '../../../src/sandbox/examples/example-fleet.ts';
import type {
  ContainerFailure,
  ContainerProcess,
  ProcessContainers,
} from '../../../src/sandbox/fleet/process-containers.ts';
import { RestartThrottle } from '../../../src/sandbox/fleet/restart-throttle.ts';

const NOW = 1_000_000;
const NONE = async () => {};

/** A page of one task, of which a process is said that no process has, and what has failed. */
async function served(failures: readonly ContainerFailure[] = []) {
  const fleet = exampleFleet(231, { http: 8080, redis: 6379 });
  const { world, zone } = fleet;
  const [cluster] = world.clusters.values();
  const [definition] = world.taskDefinitions.values();
  const [machine] = world.machines.values();
  if (cluster === undefined || definition === undefined || machine === undefined)
    throw new TypeError('empty');
  const task = world.addTask({ cluster, taskDefinition: definition, machine, service: 'time' });
  const Value = '1 1 20000 <b>host</b>.';
  zone.put({ Name: '_a._tcp.servicediscovery.internal.', Type: 'SRV', TTL: 0, ResourceRecords: [{ Value }] });
  const place = { address: '127.231.0.1', port: 20_000, pid: 2 ** 30, name: 'time' };
  const running: ContainerProcess = { ...place, task, lines: ['<script>', 'two'], fault: undefined };
  const containers: ProcessContainers = {
    processes: () => (failures.some((one) => one.task === task) ? [] : [running]),
    failures: () => failures,
    start: NONE,
    stop: NONE,
    end: NONE,
    close: NONE,
  };
  const balancers = { urlOf: () => undefined, close: NONE };
  const restarts = new RestartThrottle();
  const server = await openControlServer({ fleet, containers, balancers, restarts, now: () => NOW });
  onTestFinished(() => server.close());
  return { url: server.url, task, restarts, cluster };
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** With headers that `fetch` does not let be set. */
function send(url: string, { method = 'POST', path = '/stop', headers = {}, body = '' }: Sent) {
  return new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
    const sent = request(url, { method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const SAME = { 'sec-fetch-site': 'same-origin' };

describe('the page of the examples', () => {
  test('shows what runs and what the zone has, as text', async () => {
    const { url } = await served();

    const { status, text } = await send(url, { method: 'GET', path: '/?pause' });

    expect(status).toBe(200);
    expect(text).toContain('&lt;b&gt;host&lt;/b&gt;');
    expect(text).toContain('<span>&lt;script&gt;</span>');
    expect(text).toContain("form-action 'self'");
    expect(text).not.toContain('<script');
  });

  test('says which service waits, and for how long, before another of its containers begins', async () => {
    const { url, task, restarts, cluster } = await served();
    const service = [...cluster.services.values()].find(({ serviceName }) => serviceName === 'time');
    if (service === undefined) throw new TypeError('no service');
    const ended = { ...task, stopCode: 'EssentialContainerExited', startedAt: 1_000, stoppingAt: 1_000 };
    const shown = async () => (await send(url, { method: 'GET', path: '/' })).text;

    restarts.count(service, ended, NOW);
    expect(await shown()).not.toContain('waiting');
    for (const wait of [0, 1]) restarts.count(service, ended, NOW + wait * 1_000);

    expect(await shown()).toContain('its containers end soon after their start; the next begins in 3 s');
    restarts.forget(service);
    expect(await shown()).not.toContain('waiting');
  });

  describe('of a service whose containers end soon after their start', () => {
    const LINES = ['<script>gone</script>', 'cannot go on'];

    async function failingService() {
      const failures: ContainerFailure[] = [];
      const opened = await served(failures);
      const { url, task, restarts, cluster } = opened;
      const service = [...cluster.services.values()].find(({ serviceName }) => serviceName === 'time');
      if (service === undefined) throw new TypeError('no service');
      // Two that failed before it, one right after the other.
      const taskArn = `${task.taskArn}0`;
      const stopCode = 'EssentialContainerExited';
      const ended = { ...task, taskArn, stopCode, startedAt: 1_000, stoppingAt: 1_000 };
      const fail = (at: number) => restarts.count(service, ended, at);
      const failure = { name: 'time', exitCode: 3, lines: LINES };
      const shown = async (path: string) => (await send(url, { method: 'GET', path })).text;
      return { ...opened, service, ended, failures, failure, fail, shown };
    }

    test('shows the log of the last one for as long as the service waits, and until the next has run for a while', async () => {
      const { ended, failures, failure, fail, shown } = await failingService();
      failures.push({ ...failure, task: ended });
      for (const at of [NOW - 100, NOW]) fail(at);
      const id = `log-${ended.taskArn.split('/').at(-1)}`;

      expect(await shown('/')).toContain(`<a href="/?pause#${id}">show log</a>`);
      const waiting = await shown('/?pause');
      expect(waiting).toContain('the next begins in 1 s; the last one ended with exit code 3');
      expect(waiting).toContain(`<pre id="${id}"><span>&lt;script&gt;gone&lt;/script&gt;</span>`);
      expect(waiting).toContain('<span>cannot go on</span>');
    });

    test('shows it on the container itself while that is still listed, and once', async () => {
      const { task, failures, failure, fail, shown } = await failingService();
      failures.push({ ...failure, task });
      for (const at of [NOW - 100, NOW]) fail(at);

      expect((await shown('/?pause')).match(/cannot go on/g)).toHaveLength(1);
    });

    test.each([
      ['begins in 1 s', NOW, true],
      ['has begun', NOW - 1_000, true],
      ['has begun', NOW - 10_999, true],
      ['', NOW - 11_000, false],
    ])('says that the next one %s, of a failure at %i', async (says, failedAt, isFailing) => {
      const { ended, failures, failure, fail, shown } = await failingService();
      failures.push({ ...failure, task: ended });
      for (const at of [failedAt - 100, failedAt]) fail(at);

      const page = await shown('/?pause');

      expect(page.includes('cannot go on')).toBe(isFailing);
      if (isFailing) expect(page).toContain(`the next ${says}; the last one ended with exit code 3`);
      else expect(page).not.toContain('soon after their start');
    });
  });

  test.each([
    ['the page itself', SAME],
    ['a browser that tells the origin alone', { origin: 'SELF' }],
  ] as const)('stops a task for %s', async (_, headers) => {
    const { url, task } = await served();
    const own = 'origin' in headers ? { origin: url.replace(/\/$/, '') } : headers;

    const { status } = await send(url, { headers: own, body: `task=${encodeURIComponent(task.taskArn)}` });

    expect([status, task.lastStatus, task.stoppedReason]).toEqual([
      303,
      'DEACTIVATING',
      'Stopped by an operator',
    ]);
  });

  test.each<readonly [string, Sent, number]>([
    ['another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403],
    ['the portal, which has another port', { headers: { 'sec-fetch-site': 'same-site' } }, 403],
    ['another origin', { headers: { origin: 'http://evil.example' } }, 403],
    ['an origin that is not told', { headers: { origin: 'null' } }, 403],
    ['none of these', {}, 403],
    ['a name that leads here', { headers: { ...SAME, host: 'evil.example' } }, 403],
    ['a link', { method: 'GET', body: '' }, 404],
    ['another method', { method: 'PUT', headers: SAME }, 405],
    ['too long a form', { headers: SAME, body: `task=${'a'.repeat(2_000)}` }, 413],
    ['another path', { path: '/pause', headers: SAME }, 404],
  ])('stops nothing for %s', async (_, sent, refused) => {
    const { url, task } = await served();

    const { status } = await send(url, { body: `task=${encodeURIComponent(task.taskArn)}`, ...sent });

    expect([status, task.lastStatus]).toEqual([refused, 'RUNNING']);
  });

  test('takes a form about what has ended, or was never there, for done', async () => {
    const { url, task } = await served();
    const arn = encodeURIComponent(task.taskArn);

    expect((await send(url, { headers: SAME, body: 'task=arn' })).status).toBe(303);
    expect((await send(url, { headers: SAME, path: '/kill', body: `task=${arn}` })).status).toBe(303);
    expect(task.lastStatus).toBe('RUNNING');
  });

  test.each(['http://container:99999/', 'http://[/', '/\\[', '//[', '*'])(
    'answers what is no path of its own, and goes on: %s',
    async (path) => {
      const { url } = await served();

      expect((await send(url, { method: 'GET', path })).status).toBe(404);
      expect((await send(url, { method: 'GET', path: '/' })).status).toBe(200);
    },
  );
});
