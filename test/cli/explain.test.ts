import { writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { type ExplanationReport, explanationSchema } from '../../src/report/explanation-schema.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import type { Member } from '../../src/sandbox/fleet/fleet-builder.ts';
import {
  addService,
  listen,
  newFleet,
  openWorker,
  PROBING,
  serve,
  srvSet,
  ZONE_NAME,
} from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type FakeTerminal, runHere } from './support.ts';

const BAD: Behaviour = { kind: 'status', status: 503 };
const ANY = { expected: 'live', reason: 'healthy' } as const;
const FOREIGN_SET = {
  Name: `www.${ZONE_NAME}.`,
  Type: 'CNAME',
  TTL: 60,
  ResourceRecords: [{ Value: 'a.b' }],
};

/** One of everything that can become of an entry, each under a name of its own; and the explain command. */
async function fleetToExplain(prepare: (fleet: ReturnType<typeof newFleet>) => void = () => {}) {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 9, stale: 1 });
  const [failing] = addService(fleet, '_users._tcp', { live: 3 }).live;
  const [one, other] = addService(fleet, '_ledger._tcp', { live: 2 }).live;
  const { service } = addService(fleet, '_young._tcp', { live: 2 });
  const machine = fleet.machine(service.cluster, 0);
  const startedAt = Math.floor(Date.now() / 1000) - 5;
  const young = fleet.runAndRegister(service, { machine, startedAt }, ANY);
  for (const member of [failing, one, other, young]) if (member !== undefined) fleet.behave(member, BAD);
  const far = { host: 'ip-10-9-9-9.eu-west-3.compute.internal', containerId: fleet.deadContainerId() };
  fleet.plantSrv('_far._tcp', far, [32_800], ANY);
  const pair = addTwoPorts(fleet);
  fleet.plant(FOREIGN_SET, { expected: 'foreign', reason: 'record-type' });
  prepare(fleet);
  await listen(fleet);
  const server = await serve(fleet.world);
  const command = (fake: FakeTerminal, ...args: readonly string[]) =>
    runHere(
      ['explain', ...args, '--zone', ZONE_NAME, '--health-allow', '127.0.0.0/8', '--health-interval', '0s'],
      server.url,
      fake,
    );
  const explain = (...args: readonly string[]) => command({}, ...args);
  const document = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await explain(...args, '--output', 'json');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^(?:ecs-dns: --\S+ has no effect: .+\n)*$/);
    return explanationSchema.strict().parse(JSON.parse(stdout));
  };
  return { fleet, server, live, pair, explain, command, document, before: fleet.zone.list() };
}

/** A set of two values, the second of which fails. */
function addTwoPorts(fleet: ReturnType<typeof newFleet>) {
  const service = fleet.addService({
    name: '_pair._tcp',
    mode: 'bridge',
    cluster: fleet.world.cluster('blue'),
    portMappings: [8080, 8081].map((containerPort) => ({ containerPort, hostPort: 0 })),
    namedPorts: [8080, 8081],
  });
  const member = fleet.run(service, { machine: fleet.machine(service.cluster, 0) });
  const ports = member.task.containers[0]?.networkBindings.map(({ hostPort }) => hostPort ?? 0) ?? [];
  fleet.behave(member, BAD, ports[1]);
  fleet.plantSrv(service.name, member, ports, ANY);
  return srvSet(fleet, service.name, member);
}

type ExplainedEntry = ExplanationReport['entries'][number];

function withVerdict({ entries }: ExplanationReport, verdict: string): ExplainedEntry {
  const [first] = entries.filter((entry) => entry.verdict === verdict);
  if (first === undefined) throw new TypeError(`nothing is ${verdict}`);
  return first;
}

function decided({ guardrails }: ExplainedEntry) {
  return guardrails
    .filter(({ decides }) => decides)
    .map(({ guardrail, detail }) => `${guardrail}: ${detail}`);
}

describe('an entry that', () => {
  test('is live: all that it leads to', async () => {
    const { document, live } = await fleetToExplain();
    const [member] = live;
    const set = `${member?.host}:${member?.containerId}`;

    const { entries } = await document(set);

    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({
      setIdentifier: set,
      srvRecord: {
        service: '_orders._tcp',
        port: member?.port,
        target: member?.host,
        containerId: member?.containerId,
      },
      match: { kind: 'endpoint', by: 'container-id' },
      host: { cluster: 'blue', state: 'present', address: member?.address, privateDnsName: member?.host },
      container: { name: 'app', id: member?.containerId, task: member?.task.taskArn, phase: 'running' },
      endpoint: { service: '_orders._tcp', port: member?.port, containerPort: 8080, protocol: 'tcp' },
      check: { kind: 'http', method: 'GET', path: '/health', expects: '200', origins: [] },
      probe: { kind: 'healthy', attempts: [{ attempt: 1, kind: 'healthy', status: 200 }] },
      health: { failingRuns: 0, unhealthyThreshold: 1, gracePeriodSeconds: 60 },
      verdict: 'live',
      reason: 'healthy',
      guardrails: [],
      confirmation: [],
      outcome: 'left',
      changes: [],
    });
  });

  test('is stale: looked at again, and would go with the exact set that was read', async () => {
    const { document, fleet } = await fleetToExplain();
    const stale = withVerdict(await document('_orders._tcp'), 'stale');
    const [set] = fleet.zone.list().filter(({ SetIdentifier }) => SetIdentifier === stale.setIdentifier);

    expect(stale).toMatchObject({
      reason: 'task-gone',
      match: { kind: 'no-task-on-host', by: 'host' },
      outcome: 'removed',
      changes: [{ action: 'DELETE', recordSet: set }],
    });
    expect(stale.confirmation).toMatchObject([
      { seen: expect.stringMatching(/ECS counts \d+ tasks/) },
      { asked: expect.stringMatching(/^EC2 for the name /) },
    ]);
    expect(stale.guardrails.map(({ guardrail, answer }) => `${guardrail} ${answer}`)).toEqual([
      'inventory-incomplete passes',
      'host-not-covered passes',
      'empty-inventory passes',
      'removal-budget passes',
      'not-confirmed passes',
    ]);
  });

  test('is unhealthy: every attempt, with its time', async () => {
    const { document } = await fleetToExplain();
    const failing = withVerdict(await document('_users._tcp'), 'unhealthy');

    expect(failing).toMatchObject({
      reason: 'http-status',
      outcome: 'removed',
      probe: {
        kind: 'unhealthy',
        attempts: [1, 2, 3].map((attempt) => ({ attempt, kind: 'unhealthy', status: 503 })),
      },
    });
    expect(failing.guardrails.map(({ guardrail, answer }) => `${guardrail} ${answer}`)).toEqual([
      'grace-period passes',
      'inventory-incomplete passes',
      'network-self-test passes',
      'panic-threshold passes',
      'min-endpoints passes',
      'removal-budget passes',
      'not-confirmed passes',
    ]);
  });

  test('the panic threshold holds: what the others would have said', async () => {
    const { document } = await fleetToExplain();
    const held = withVerdict(await document('_ledger._tcp'), 'unhealthy');

    expect(held).toMatchObject({
      outcome: 'held-back',
      heldBy: { guardrail: 'panic-threshold' },
      changes: [],
    });
    expect(decided(held)).toEqual([
      `panic-threshold: 2 of 2 checked entries of _ledger._tcp.${ZONE_NAME} fail (100 %), more than 50 %`,
    ]);
    expect(held.guardrails.at(-1)).toMatchObject({ guardrail: 'not-confirmed', answer: 'passes' });
  });

  test('min-endpoints holds, because another one goes', async () => {
    const { document } = await fleetToExplain();
    const { entries } = await document('_ledger._tcp', '--guardrails-panic-percent', '100');

    expect(entries.map(({ outcome }) => outcome)).toEqual(['removed', 'held-back']);
    expect(entries.flatMap(decided)).toEqual([
      `min-endpoints: _ledger._tcp.${ZONE_NAME} would be left with 0 entries, fewer than 1`,
    ]);
  });

  test('is in its grace period', async () => {
    const { document } = await fleetToExplain();
    const young = withVerdict(await document('_young._tcp'), 'unverified');

    expect(young).toMatchObject({ reason: 'grace-period', outcome: 'held-back' });
    expect(young.health).toMatchObject({ gracePeriodSeconds: 60, gracePeriodFrom: 'health.gracePeriod' });
    expect(young.probe?.attempts).toHaveLength(3);
    expect(decided(young)[0]).toMatch(/^grace-period: its container started [\d.]+m?s ago/);
  });

  test('is foreign', async () => {
    const { document } = await fleetToExplain();
    const { entries } = await document('www');
    expect(entries).toMatchObject([
      {
        verdict: 'foreign',
        reason: 'record-type',
        match: { by: 'nothing' },
        outcome: 'left',
        guardrails: [],
      },
    ]);
    expect(entries[0]?.recordSet).toEqual(FOREIGN_SET);
  });

  test('is foreign, and looks as an older tool writes it', async () => {
    const placeholder = {
      Name: `shop.${ZONE_NAME}`,
      Type: 'A',
      TTL: 300,
      ResourceRecords: [{ Value: '10.10.10.10' }],
    };
    const { document } = await fleetToExplain(({ zone }) => void zone.put(placeholder));
    const { entries } = await document('shop');
    expect(entries[0]?.match.meaning).toBe(
      'is not one that this worker manages; looks as App Mesh writes it: plain A of 10.10.10.10 or 1.2.3.4, for the name of a virtual service',
    );
  });

  test('is of a host of another region', async () => {
    const { document } = await fleetToExplain();
    const { entries } = await document('_far._tcp');
    expect(entries).toMatchObject([
      { verdict: 'unverified', reason: 'host-not-covered', heldBy: { guardrail: 'host-not-covered' } },
    ]);
  });

  test('cannot be looked at again', async () => {
    const { document, server } = await fleetToExplain();
    let calls = 0;
    server.addFault({
      operation: 'ecs:DescribeContainerInstances',
      when: () => ++calls > 1,
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });

    const report = await document('_orders._tcp');
    const held = withVerdict(report, 'stale');

    expect(held).toMatchObject({ outcome: 'held-back', heldBy: { guardrail: 'not-confirmed' } });
    expect(held.confirmation[0]).toMatchObject({ seen: expect.stringContaining('could not be asked') });
    expect(report.incomplete).toMatchObject([{ operation: 'ecs:DescribeContainerInstances' }]);
  });

  test('is one value of two goes alone: the other is put back', async () => {
    const { document, pair } = await fleetToExplain();
    const [first, second] = pair.ResourceRecords ?? [];

    const { entries } = await document(pair.SetIdentifier ?? '', '--guardrails-panic-percent', '100');

    expect(entries.map(({ value, outcome }) => [value, outcome])).toEqual([
      [first?.Value, 'left'],
      [second?.Value, 'removed'],
    ]);
    expect(entries[1]?.changes).toEqual([
      { action: 'DELETE', recordSet: pair },
      { action: 'CREATE', recordSet: { ...pair, ResourceRecords: [first] } },
    ]);
  });

  test('a task is found for that the listing lacked', async () => {
    const { document, fleet } = await fleetToExplain();
    const service = fleet.addService({
      name: '_exports._tcp',
      mode: 'bridge',
      cluster: fleet.world.cluster('blue'),
      portMappings: [{ containerPort: 8080, hostPort: 0 }],
    });
    const machine = fleet.machine(service.cluster, 0);
    fleet.runAndRegister(service, { machine, lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED' }, ANY);

    const { entries } = await document('_exports._tcp');

    expect(entries).toMatchObject([
      { reason: 'task-stopping', match: { by: 'container-id' }, outcome: 'removed' },
    ]);
    expect(entries[0]?.confirmation[0]?.seen).toContain('was not in the first listing');
  });
});

describe('a check', () => {
  test('says whose word each of its parts is', async () => {
    const { document, fleet } = await fleetToExplain();
    for (const { containerDefinitions } of fleet.world.taskDefinitions.values()) {
      containerDefinitions[0]?.environment.push(
        { name: 'SERVICE_CHECK_HTTP', value: '/own' },
        { name: 'SERVICE_CHECK_TIMEOUT', value: '4s' },
      );
    }
    const config = `${await temporaryDirectory()}/settings.yaml`;
    await writeFile(config, 'health: { services: [{ match: "_users.*", path: /ruled }] }');

    const { entries } = await document('_users._tcp', '--config', config);

    expect(entries[0]?.check).toMatchObject({
      path: '/ruled',
      timeoutMs: 4000,
      origins: [
        { part: 'kind', from: 'SERVICE_… metadata of the container' },
        { part: 'path', from: 'health.services, match _users.*' },
        { part: 'timeoutMs', from: 'SERVICE_… metadata of the container' },
      ],
    });
  });

  test('that is off says why', async () => {
    const { document } = await fleetToExplain();
    const { entries } = await document('_users._tcp', '--no-health-enabled');
    expect(entries).toHaveLength(3);
    for (const { check, probe, reason } of entries) {
      expect({ check, probe, reason }).toMatchObject({
        check: { kind: 'none', origins: [{ part: 'kind', from: 'health.enabled is false' }] },
        probe: undefined,
        reason: 'running',
      });
    }
  });

  test('over UDP there is none', async () => {
    const { document, fleet } = await fleetToExplain();
    const service = fleet.addService({
      name: '_metrics._udp',
      mode: 'bridge',
      cluster: fleet.world.cluster('blue'),
      portMappings: [{ containerPort: 8125, hostPort: 0, protocol: 'udp' }],
    });
    fleet.runAndRegister(service, { machine: fleet.machine(service.cluster, 0) }, ANY);
    const { entries } = await document('_metrics._udp');
    expect(entries).toMatchObject([
      { check: { kind: 'none', origins: [{ from: 'nothing answers a probe over UDP' }] }, reason: 'running' },
    ]);
  });

  test('of whoever holds the place of a container that is gone is not told', async () => {
    const { document, fleet, live } = await fleetToExplain();
    const [holder] = live;
    if (holder === undefined) throw new TypeError('nobody runs');
    const owner = { host: holder.host, containerId: fleet.deadContainerId() };
    fleet.plantSrv('_orders._tcp', owner, [holder.port], ANY);

    const { entries } = await document(`${owner.host}:${owner.containerId}`);

    expect(entries).toMatchObject([
      { reason: 'superseded', match: { kind: 'replaced', by: 'position' }, endpoint: { port: holder.port } },
    ]);
    expect(entries[0]).not.toHaveProperty('check');
    expect(entries[0]).not.toHaveProperty('probe');
  });
});

describe('the grace period', () => {
  test.each([
    { seconds: 900, expected: { gracePeriodSeconds: 900, gracePeriodFrom: 'the ECS service' } },
    { seconds: 10, expected: { gracePeriodSeconds: 60, gracePeriodFrom: 'health.gracePeriod' } },
    {
      seconds: undefined,
      expected: { gracePeriodSeconds: 3600, gracePeriodFrom: 'that of the ECS service could not be read' },
    },
  ])('is the longer one, and says whose: $seconds', async ({ seconds, expected }) => {
    const { document, server } = await fleetToExplain();
    server.addFault({
      operation: 'ecs:DescribeServices',
      effect:
        seconds === undefined
          ? { kind: 'error', code: 'AccessDeniedException' }
          : {
              kind: 'transform',
              transform: (output) => ({
                ...output,
                services: [output['services']].flat().map((service) => ({
                  ...(service as object),
                  healthCheckGracePeriodSeconds: seconds,
                })),
              }),
            },
    });
    const { entries } = await document('_young._tcp');
    expect(entries.filter(({ verdict }) => verdict === 'unverified')).toMatchObject([{ health: expected }]);
  });
});

test.each(['_users._tcp', '_USERS._tcp.', `_users._tcp.${ZONE_NAME}`, `_Users._tcp.${ZONE_NAME}.`])(
  'all entries of a name are explained, however it is written: %s',
  async (name) => {
    const { document } = await fleetToExplain();
    const { entries, selector, zone } = await document(name);
    expect(entries.map(({ verdict }) => verdict).toSorted()).toEqual(['live', 'live', 'unhealthy']);
    expect({ selector, zone: zone.name }).toEqual({ selector: name, zone: `${ZONE_NAME}.` });
  },
);

describe('an entry that is not there', () => {
  test.each([
    ['_oders._tcp', '; did you mean _orders._tcp?'],
    ['_ORDRES._tcp.', '; did you mean _orders._tcp?'],
    [`_legder._tcp.${ZONE_NAME}`, '; did you mean _ledger._tcp?'],
    ['nowhere-at-all', '; `ecs-dns plan --all` lists what it has'],
    ['', '; `ecs-dns plan --all` lists what it has'],
    ['\u001b[2J', '; `ecs-dns plan --all` lists what it has'],
  ])('is an error that says what is nearest: %j', async (name, advice) => {
    const { explain, server } = await fleetToExplain();
    const shown = name.replace('\u001b', '\\u001b');
    expect(await explain(name)).toEqual({
      code: 1,
      stdout: '',
      stderr: `ecs-dns: explain: ${ZONE_NAME}. has no entry of the name or set identifier "${shown}"${advice}\n`,
    });
    expect(Object.keys(server.counts()).filter((call) => !call.startsWith('route53:'))).toEqual([]);
  });

  test('with a wildcard near it is named as tables name it', async () => {
    const { explain } = await fleetToExplain((fleet) =>
      fleet.zone.put({
        Name: `\\052.orders.${ZONE_NAME}.`,
        Type: 'A',
        TTL: 60,
        ResourceRecords: [{ Value: '10.0.0.1' }],
      }),
    );

    const { stderr } = await explain('*.oders');

    expect(stderr).toContain('has no wildcard "*.oders"; did you mean \'\\052.orders\'?');
    expect((await explain('\\052.orders')).code).toBe(0);
  });

  test.each([
    ['*', 'wildcard', '**'],
    ['*._tcp', 'wildcard', '**._tcp'],
    [`*._tcp.${ZONE_NAME}.`, 'wildcard', `**._tcp.${ZONE_NAME}.`],
    ['*.orders', 'wildcard', '*orders*'],
    ['ledg*', 'pattern', '*ledg*'],
    ['*ledger', 'pattern', '*ledger*'],
    ['_led*udp', 'pattern', undefined],
    ['nothing*', 'pattern', undefined],
    ['*.nothing', 'wildcard', undefined],
  ])('%j is a %s, and the error says which pattern has entries', async (name, kind, hint) => {
    const { explain, server } = await fleetToExplain();
    const { code, stderr } = await explain(name);

    const said =
      kind === 'wildcard' ? `has no wildcard "${name}"` : `has no entry of a name that matches "${name}"`;
    const advice =
      hint === undefined ? '`ecs-dns plan --all` lists what it has' : `did you mean the pattern '${hint}'?`;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `ecs-dns: explain: ${ZONE_NAME}. ${said}; ${advice}\n`,
    });
    expect(Object.keys(server.counts()).filter((call) => !call.startsWith('route53:'))).toEqual([]);
    if (hint !== undefined) expect((await explain(hint)).code).toBe(0);
  });

  test('part of a set identifier leads to the whole', async () => {
    const { explain, live } = await fleetToExplain();
    const [member] = live;
    const { code, stderr } = await explain(member?.containerId.slice(0, 12) ?? '');
    expect(code).toBe(1);
    expect(stderr).toContain(`did you mean ${member?.host}:${member?.containerId}?`);
  });
});

describe('the text', () => {
  test('tells the whole story, and ends with what a run would do', async () => {
    const { explain } = await fleetToExplain();

    const { code, stdout, stderr } = await explain('_ledger._tcp', '--guardrails-panic-percent', '100');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first = '', second = ''] = stdout.split('\n\n');
    for (const label of ['Record', 'Claims', 'Match', 'Host', 'Container', 'Check', 'Probe', 'Health']) {
      expect(first).toMatch(new RegExp(`^ {2}${label} `, 'm'));
    }
    expect(first).toMatch(
      /^_ledger\._tcp\.servicediscovery\.internal\. SRV 1 1 \d+ .*\n {2}unhealthy: http-status, goes\n/,
    );
    expect(first).toMatch(/ 3\. 2\S+Z http-status, status 503, \d+ms, body: not ok$/m);
    expect(first).toMatch(
      /A run would {2}remove the entry:\n +DELETE _ledger\._tcp\.servicediscovery\.internal\. SRV 1 1 \d+ \S+, set identifier \S+, weight 1, TTL 0$/,
    );
    expect(second).toContain('unhealthy: http-status, held back by min-endpoints');
    expect(second).toMatch(/ min-endpoints +holds /);
    expect(second).toMatch(/ removal-budget +would pass /);
    expect(second).toMatch(
      /leave the entry: held back by min-endpoints\n +lifted by: guardrails\.minEndpoints\n$/,
    );
  });

  test('has colours on a terminal only', async () => {
    const { command } = await fleetToExplain();
    const [plain, painted] = [await command({}, 'www'), await command({ tty: ['stdout'] }, 'www')];
    expect(plain.stdout).not.toContain('\u001b[');
    expect(painted.stdout).toContain('\u001b[');
    expect(stripVTControlCharacters(painted.stdout)).toBe(plain.stdout);
  });

  test('says what could not be read', async () => {
    const { explain, server } = await fleetToExplain();
    server.addFault({
      operation: 'ecs:ListTasks',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });
    const { stdout } = await explain('_orders._tcp');
    expect(stdout).toMatch(/\n! cluster\/blue could not be read: ecs:ListTasks: .*not authorized\n/);
    expect(stdout).toMatch(/ inventory-incomplete +holds +cluster blue was not read completely/);
  });

  test('says of services what plan says of them, and of the confirmation what it could not read', async () => {
    const { explain, document, server } = await fleetToExplain();
    server.addFault({
      operation: 'ecs:ListServices',
      effect: { kind: 'error', code: 'AccessDeniedException', message: 'not authorized' },
    });
    const sync = ['--policy', 'sync', '--cname'];
    const planned = await openWorker(server, { ...PROBING, '--policy': 'sync', '--cname': 'true' }).plan();

    const { incomplete } = await document('_orders._tcp', ...sync);
    const { stdout } = await explain('_orders._tcp', ...sync);

    expect(planned.incomplete).toContainEqual(expect.objectContaining({ scope: 'services/blue' }));
    expect(incomplete).toEqual(planned.incomplete);
    expect(stdout).toMatch(/\n! services\/blue could not be read: ecs:ListServices: .*not authorized\n/);
  });
});

test('nothing is changed and nothing is remembered', async () => {
  const { document, fleet, server, before } = await fleetToExplain();
  const memory = `${await temporaryDirectory()}/state.json`;
  const thresholds = ['--state', memory, '--health-unhealthy-threshold', '2'];

  for (const name of ['_orders._tcp', '_users._tcp', '_users._tcp']) await document(name, ...thresholds);
  const { entries } = await document('_users._tcp', ...thresholds);

  expect(entries.filter(({ reason }) => reason === 'below-threshold')).toMatchObject([
    { health: { failingRuns: 0, unhealthyThreshold: 2 }, outcome: 'left' },
  ]);
  expect(fleet.zone.list()).toEqual(before);
  expect(Object.keys(server.counts())).not.toContain('route53:ChangeResourceRecordSets');
});

test('says of every name what plan says', async () => {
  const { document, server } = await fleetToExplain();
  const report = await openWorker(server, { ...PROBING, '--health-interval': '0s' }).plan();
  const held = new Map(report.heldBack.map((item) => [item.value + item.setIdentifier, item.guardrail]));

  for (const name of new Set(report.entries.map((entry) => entry.name))) {
    for (const entry of (await document(name)).entries) {
      const planned = report.entries.find(
        ({ setIdentifier, value }) => setIdentifier === entry.setIdentifier && value === entry.value,
      );
      expect([entry.verdict, entry.reason]).toEqual([planned?.verdict, planned?.reason]);
      expect(entry.heldBy?.guardrail).toBe(held.get(entry.value + entry.setIdentifier));
    }
  }
});

test('without an entry is an error', async () => {
  const { code, stderr } = await runHere(['explain', '--zone', ZONE_NAME], 'http://127.0.0.1:1');
  expect(code).toBe(1);
  expect(stderr).toMatch(/explain: <name or set identifier> is missing; give a name/);
});

describe('what is not in the zone, under sync', () => {
  async function unregistered() {
    const members: Member[] = [];
    const others = await fleetToExplain((fleet) => {
      const service = fleet.addService({
        name: '_fresh._tcp',
        mode: 'bridge',
        cluster: fleet.world.cluster('blue'),
        portMappings: [{ containerPort: 8080, hostPort: 0 }],
      });
      for (const i of [0, 1])
        members.push(fleet.run(service, { machine: fleet.machine(service.cluster, i) }));
      for (const bad of members.slice(1)) fleet.behave(bad, BAD);
    });
    const [good, bad] = members;
    if (good === undefined || bad === undefined) throw new TypeError('no members');
    return { ...others, good, bad };
  }

  test('is told with what a run would do about it, and why not', async () => {
    const { document, explain, good, bad } = await unregistered();

    const { entries, missing } = await document('_fresh._tcp', '--policy', 'sync');
    expect(entries).toEqual([]);
    expect(missing).toMatchObject([
      { value: `1 1 ${good.port} ${good.host}`, outcome: 'registered', reason: 'missing' },
      { value: `1 1 ${bad.port} ${bad.host}`, outcome: 'withheld', reason: 'http-status' },
    ]);

    const { stdout } = await explain('_fresh._tcp', '--policy', 'sync');
    expect(stdout).toContain('not in the zone, and is to be registered');
    expect(stdout).toContain('not in the zone, and is not registered: http-status');
  });

  test('is unknown under prune, and so is under sync what nothing runs as', async () => {
    const { explain } = await unregistered();
    for (const args of [['_fresh._tcp'], ['_nobody._tcp', '--policy', 'sync']]) {
      const { code, stderr } = await explain(...args);
      expect(code).toBe(1);
      expect(stderr).toContain(`has no entry of the name or set identifier "${args[0]}"`);
    }
  });
});
