import type { ChildProcess } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { RecordSet } from '../../src/model/record-set.ts';
import { type Report, reportSchema } from '../../src/report/report-schema.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { runHere } from '../cli/support.ts';
import {
  addService,
  type CliResult,
  cliEnv,
  fleetOfThreeBatches,
  listen,
  newFleet,
  runCli,
  serve,
  without,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const CHANGE = 'route53:ChangeResourceRecordSets';
const WATCH = watchWith({});
const UNPROBED = [...WATCH, '--no-health-enabled'];

function watchWith({ every = '1h', output = 'json' }): readonly string[] {
  return ['watch', '--every', every, '--output', output, '--zone', ZONE_NAME];
}
const NOW_OR_NEVER = ['--grace', '0s'];

/** Resolves with the first match in what the process prints. */
function says(child: ChildProcess, stream: 'stdout' | 'stderr', text: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve) => {
    let printed = '';
    child[stream]?.on('data', (chunk: string) => {
      printed += chunk;
      const found = text.exec(printed);
      if (found !== null) resolve(found);
    });
  });
}

/** Every line of stdout is a report. */
function reportsOf({ stdout }: CliResult): readonly Report[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => reportSchema.parse(JSON.parse(line)));
}

function fleetWithStale() {
  const fleet = newFleet();
  const { live, staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  return { fleet, live, staleSets, before: fleet.zone.list() };
}

describe('SIGTERM in the middle of a run ends the watch with 0, and nothing is changed', () => {
  test('while AWS does not answer', async () => {
    const { fleet, before } = fleetWithStale();
    const server = await serve(fleet.world);

    const result = await runCli([...UNPROBED, ...NOW_OR_NEVER], cliEnv(server.url), (child) => {
      const when = () => child.kill('SIGTERM');
      server.addFault({ operation: 'ecs:DescribeTasks', when, effect: { kind: 'hang' } });
    });

    expect([result.code, result.stdout]).toEqual([0, '']);
    expect(result.stderr.split('\n')).toEqual([
      expect.stringMatching(new RegExp(`^\\S{20} INFO +watching ${ZONE_NAME} every 1h; journal: none$`)),
      expect.stringMatching(/ INFO +stopping after 0s at the latest; a second signal ends it at once$/),
      expect.stringMatching(/ WARN +run stopped because the watch is over$/),
      '',
    ]);
    expect(fleet.zone.list()).toEqual(before);
  });

  test('while containers do not answer', async () => {
    const { fleet, live, before } = fleetWithStale();
    for (const member of live) fleet.behave(member, { kind: 'hang' });
    const [probed] = live;
    if (probed === undefined) throw new TypeError('too few containers');
    const containers = await listen(fleet);
    const server = await serve(fleet.world);
    const probing = ['--health-allow', '127.0.0.0/8', '--health-timeout', '1h', '--health-budget', '1h'];

    const { code, stdout } = await runCli(
      [...WATCH, ...NOW_OR_NEVER, ...probing],
      cliEnv(server.url),
      (child) => {
        const isProbed = () => containers.connections(probed.address, probed.port) > 0;
        void expect
          .poll(isProbed)
          .toBe(true)
          .finally(() => child.kill('SIGTERM'));
      },
    );

    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(fleet.zone.list()).toEqual(before);
  });
});

const BATCHES = [...UNPROBED, '--guardrails-removal-budget-percent', '100'];

/** What the requests that Route 53 has carried out were to delete. */
function deletedBy({ log }: TestServer, isCarriedOut: (index: number) => boolean): readonly RecordSet[] {
  const batches = log
    .filter(({ operation }) => operation === CHANGE)
    .map(({ input }) => input['ChangeBatch']);
  return batches
    .filter((_, index) => isCarriedOut(index))
    .flatMap((batch) => Reflect.get(Object(batch), 'Changes'))
    .map((change) => Reflect.get(Object(change), 'ResourceRecordSet'));
}

async function stoppedAtChange(
  nth: number,
  args: readonly string[],
  fault: Parameters<TestServer['addFault']>[0]['effect'] | undefined,
  { fleet }: { readonly fleet: FleetBuilder },
) {
  const server = await serve(fleet.world);
  let sent = 0;
  const result = await runCli([...BATCHES, ...args], cliEnv(server.url), (child) => {
    const when = () => {
      sent += 1;
      if (sent === nth) child.kill('SIGTERM');
      return sent >= nth;
    };
    server.addFault({ operation: CHANGE, when, effect: fault ?? { kind: 'before', before: () => {} } });
  });
  return { server, result };
}

describe('SIGTERM in the middle of three batches', () => {
  test('lets the run finish all of them within the grace time', async () => {
    const fleet = fleetOfThreeBatches();

    const { server, result } = await stoppedAtChange(1, ['--grace', '10m'], undefined, fleet);

    expect(result.code).toBe(0);
    expect(server.counts()[CHANGE]).toBe(3);
    expect(reportsOf(result)).toMatchObject([{ summary: { applied: 100, failed: 0 } }]);
    expect(fleet.fleet.zone.list()).toEqual(fleet.live);
  });

  test('leaves whole batches, and a report that is true, when the grace time is over', async () => {
    const { before, ...rest } = fleetOfThreeBatches();

    const { server, result } = await stoppedAtChange(3, NOW_OR_NEVER, { kind: 'throttle' }, rest);

    expect(result.code).toBe(0);
    expect(rest.fleet.zone.list()).toEqual(
      without(
        before,
        deletedBy(server, (index) => index < 2),
      ),
    );
    expect(reportsOf(result)).toMatchObject([{ summary: { applied: 80, failed: 20 } }]);
    expect(result.stderr).toMatch(/ run stopped because the watch is over\n$/);
  });

  test('looks at the zone when the reply to the last batch was lost', async () => {
    const { before, ...rest } = fleetOfThreeBatches();

    const { server, result } = await stoppedAtChange(3, NOW_OR_NEVER, { kind: 'apply-then-drop' }, rest);

    expect(result.code).toBe(0);
    expect(rest.fleet.zone.list()).toEqual(
      without(
        before,
        deletedBy(server, () => true),
      ),
    );
    expect(reportsOf(result)).toMatchObject([{ summary: { applied: 100, failed: 0 } }]);
  });
});

test('a second signal ends the process at once with 1', async () => {
  const { fleet, before } = fleetWithStale();
  const server = await serve(fleet.world);
  server.addFault({ operation: 'ecs:DescribeTasks', effect: { kind: 'hang' } });

  const { code, stdout } = await runCli([...UNPROBED, '--grace', '1h'], cliEnv(server.url), (child) => {
    void expect
      .poll(() => server.counts()['ecs:DescribeTasks'])
      .toBe(1)
      .finally(() => child.kill('SIGTERM'));
    void says(child, 'stderr', /stopping/).then(() => child.kill('SIGINT'));
  });

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(fleet.zone.list()).toEqual(before);
});

test('a run that fails is told, and the next one follows', async () => {
  const { fleet, staleSets, before } = fleetWithStale();
  const server = await serve(fleet.world);
  const error = { kind: 'error', code: 'AccessDenied', status: 403 } as const;
  server.addFault({ operation: 'route53:ListHostedZonesByName', times: 1, effect: error });
  const args = [...watchWith({ every: '1s' }), '--no-health-enabled'];

  const result = await runCli(args, cliEnv(server.url), (child) => {
    void says(child, 'stdout', /\n/).then(() => child.kill('SIGINT'));
  });

  expect(result.code).toBe(0);
  expect(result.stderr).toMatch(/ ERROR {10}run failed route53:ListHostedZonesByName is not allowed/);
  expect(reportsOf(result)[0]).toMatchObject({ mode: 'apply', summary: { applied: 2 } });
  expect(fleet.zone.list()).toEqual(without(before, staleSets));
});

test('only a run that removes something writes a journal, and says where', async () => {
  const { fleet } = fleetWithStale();
  const server = await serve(fleet.world);
  const journal = await temporaryDirectory();
  const args = [...watchWith({ every: '1s' }), '--no-health-enabled', '--journal', journal];

  const result = await runCli(args, cliEnv(server.url), (child) => {
    void says(child, 'stdout', /\n.*\n/).then(() => child.kill('SIGTERM'));
  });

  expect(reportsOf(result).slice(0, 2)).toMatchObject([
    { summary: { applied: 2 } },
    { summary: { applied: 0 } },
  ]);
  const [name = '', ...others] = await readdir(journal);
  expect(others).toEqual([]);
  expect(result.stderr).toMatch(new RegExp(` journal ${name}\n`));
  expect(result.stderr).toContain(`journal: ${journal}`);
  expect(result.stderr.match(/ journal /g)).toHaveLength(1);
});

test('--listen serves its pages until the watch ends', async () => {
  const { fleet } = fleetWithStale();
  const server = await serve(fleet.world);
  let pages: readonly string[] = [];
  const visit = async (child: ChildProcess) => {
    const port = says(child, 'stderr', /at port (\d+);/);
    await says(child, 'stdout', /\n/);
    const base = `http://127.0.0.1:${(await port)[1]}`;
    const read = async (path: string) => {
      const response = await fetch(`${base}${path}`);
      return `${response.status} ${await response.text()}`;
    };
    pages = await Promise.all(
      ['/metrics', '/healthz', '/readyz', '/report.json', '/', '/plan.html'].map(read),
    );
  };

  const args = [...UNPROBED, '--listen', ':0', '--health-basic-auth', 'bob:hush-hush'];
  const result = await runCli(args, cliEnv(server.url), (child) => {
    void visit(child).finally(() => child.kill('SIGTERM'));
  });

  expect(result.code).toBe(0);
  const origin = `zone="${ZONE_NAME}",source="us-east-1"`;
  expect(pages[0]).toContain(`\necs_dns_removals_total{reason="task-gone",${origin}} 2\n`);
  expect(pages[0]).toContain(`\necs_dns_runs_total{result="good",${origin}} 1\n`);
  expect(pages[0]).toContain(`\necs_dns_run_interval_seconds{${origin}} 3600\n`);
  expect(pages[0]).not.toContain(cliEnv('')['AWS_ACCESS_KEY_ID']);
  expect(pages.slice(1, 3)).toEqual(['200 alive\n', '200 ready\n']);
  expect(reportSchema.parse(JSON.parse(pages[3]?.replace(/^200 /, '') ?? ''))).toEqual(reportsOf(result)[0]);
  expect(pages[4]).toContain('Since the start 1 good, 0 failed, 0 stopped.');
  expect(pages[4]).toMatch(/Next run <time|A run is under way/);
  expect(pages[4]).toContain('set, and secret');
  expect(pages[5]).toContain('The run was to remove 2 entries: 2 changes applied');
  expect(pages.join()).not.toContain('hush-hush');
});

describe('a command line that cannot be right is an error of one line before AWS is asked', () => {
  test.each([
    { args: ['--cron', '61 * * * *'], says: /^ecs-dns: --cron: "61 \* \* \* \*" is not valid .*\n$/ },
    { args: ['--listen', '7979'], says: /^ecs-dns: --listen: "7979" is not valid; write :7979.*\n$/ },
    {
      args: ['--listen', '192.0.2.1:7979'],
      says: /^ecs-dns: --listen: "192\.0\.2\.1:7979" cannot be listened at \(the address is not this machine's\); give.*\n$/,
    },
    { args: ['--grace', 'long'], says: /^ecs-dns: --grace: "long" is not valid; write a duration.*\n$/ },
    {
      command: watchWith({ every: '1ms' }),
      args: [],
      says: /^ecs-dns: --every: "1ms" is not valid; write.*\n$/,
    },
    {
      args: ['--force'],
      says: /^ecs-dns: --force: watch has no such option, plan and apply have it; leave it out\n$/,
    },
  ])('$args', async ({ command = UNPROBED, args, says: line }) => {
    const server = await serve(newFleet().world);

    const { code, stdout, stderr } = await runHere([...command, ...args], server.url);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(line);
    expect(server.log).toEqual([]);
  });
});

test('for people, a run is a line, and each of its changes; a report is not printed', async () => {
  const { fleet } = fleetWithStale();
  const server = await serve(fleet.world);

  const { code, stdout, stderr } = await runCli(
    [...watchWith({ output: 'text' }), '--no-health-enabled'],
    cliEnv(server.url),
    (child) => {
      void says(child, 'stderr', / removed .*\n.* removed .*\n/).then(() => child.kill('SIGTERM'));
    },
  );

  expect([code, stdout]).toEqual([0, '']);
  expect(stderr).toMatch(
    /INFO {2}[0-9a-f]{8} run 2 removals; found 4 live, 2 stale, \d+ foreign; \d+ AWS calls in [\d.]+m?s; servicediscovery\.internal\. of \d{12}\/us-east-1\n/,
  );
  expect(stderr.match(/ removed _orders\._tcp SRV .*: task-gone\n/g)).toHaveLength(2);
});

test('an event that came before the watch is looked at next to its runs, and done with', async () => {
  const { fleet } = fleetWithStale();
  const queue = fleet.world.addQueue('ecs-events');
  const { task } = fleet.run(addService(fleet, '_calc._tcp', { live: 1 }).service, {
    machine: fleet.machine(fleet.world.cluster('blue'), 0),
  });
  const detail = { taskArn: task.taskArn, clusterArn: task.clusterArn };
  const event = { source: 'aws.ecs', 'detail-type': 'ECS Task State Change', detail };
  queue.send(JSON.stringify(event), Date.now(), 0);
  const server = await serve(fleet.world);
  const isDoneWith = new Promise<void>((resolve) => {
    server.addFault({
      operation: 'sqs:DeleteMessageBatch',
      times: 1,
      effect: { kind: 'before', before: () => resolve() },
    });
  });

  const args = ['--policy', 'sync', '--events', `${server.url}/123456789012/ecs-events`];
  const { code, stderr } = await runCli([...UNPROBED, ...args], cliEnv(server.url), (child) => {
    const isOver = Promise.all([says(child, 'stdout', /\n/), isDoneWith]);
    void isOver.then(() => child.kill('SIGTERM'));
  });

  expect(code).toBe(0);
  expect(stderr).not.toContain('events failed');
  expect(fleet.zone.list().some(({ Name }) => Name.startsWith('_calc.'))).toBe(true);
});
