import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseSettings } from '../../src/config/parse-settings.ts';
import { policyFor } from '../../src/iam/policy-for.ts';
import { policyNeeds } from '../../src/iam/policy-needs.ts';
import { parseDuration } from '../../src/model/duration.ts';
import { cronSchedule } from '../../src/watch/schedule.ts';
import { runHere } from '../cli/support.ts';

/** The longest that a request to AWS takes. */
const REQUEST_MS = 30_000;
const NOBODY = 'http://127.0.0.1:1';

function read(name: string): string {
  return readFileSync(new URL(`../../docs/deploy/${name}`, import.meta.url), 'utf8');
}

/** A value inside of JSON or YAML, by its path. */
function at(document: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce((value: unknown, key) => Reflect.get(Object(value), key), document);
}

/** Runs a command line that is given a bad setting as well: whatever else is wrong with it would be told, too. */
async function problemsOf(args: unknown, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const words = Array.isArray(args) ? args.map(String) : [];
  return (await runHere([...words, '--health-matcher', 'bad'], NOBODY, { env })).stderr;
}

const ONLY_THE_MATCHER = /^ecs-dns: --health-matcher: "bad" is not valid.*\n$/;

describe('compose.yaml', () => {
  const service = at(parse(read('compose.yaml')), 'services', 'ecs-dns');

  test('gives the container no more than it needs', () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      ports: ['127.0.0.1:7979:7979'],
    });
  });

  test('keeps the journal when the container is made anew', () => {
    expect(at(service, 'volumes')).toEqual(['journal:/var/lib/ecs-dns/journal']);
    expect(at(parse(read('compose.yaml')), 'volumes')).toHaveProperty('journal');
  });

  test('has a command and variables that the program takes', async () => {
    const env = { ECS_DNS_ZONE: String(at(service, 'environment', 'ECS_DNS_ZONE')) };

    expect(await problemsOf(at(service, 'command'), env)).toMatch(ONLY_THE_MATCHER);
  });

  test('leaves a run its grace time and a request to AWS', () => {
    const words = String(at(service, 'command')).split(',');
    const grace = parseDuration(words[words.indexOf('--grace') + 1] ?? '') ?? Number.NaN;

    expect(parseDuration(String(at(service, 'stop_grace_period')))).toBeGreaterThan(grace + REQUEST_MS);
  });
});

describe('the task definition for ECS', () => {
  const task: unknown = JSON.parse(read('ecs-task-definition.json'));
  const container = at(task, 'containerDefinitions', 0);

  test('gives the container no more than it needs', () => {
    expect(container).toMatchObject({
      user: 'node',
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] } },
    });
    expect(Number(at(container, 'stopTimeout')) * 1000).toBeGreaterThan(REQUEST_MS);
  });

  test('has a command and variables that the program takes', async () => {
    const env = {
      ECS_DNS_ZONE: String(at(container, 'environment', 1, 'value')),
      ECS_DNS_JOURNAL: String(at(container, 'environment', 2, 'value')),
    };

    expect(at(container, 'environment', 1, 'name')).toBe('ECS_DNS_ZONE');
    // The disk of the task goes with it; its log stays.
    expect(at(container, 'environment', 2)).toEqual({ name: 'ECS_DNS_JOURNAL', value: 'stderr' });
    expect(await problemsOf(at(container, 'command'), env)).toMatch(ONLY_THE_MATCHER);
  });

  test('has a role with exactly the policy that its settings need', () => {
    const settings = parseSettings({
      env: { ECS_DNS_ZONE: String(at(container, 'environment', 1, 'value')) },
    });
    const { zone } = settings;
    if (zone.kind !== 'id') throw new TypeError('the policy is for one zone, by its id');
    const scope = { region: 'us-east-1', account: '123456789012' };

    expect(JSON.parse(read('ecs-task-policy.json'))).toEqual(
      policyFor(policyNeeds(settings, zone.id, { readOnly: false, scope })),
    );
  });
});

describe('the schedule for ECS', () => {
  const task: unknown = JSON.parse(read('ecs-task-definition.json'));
  const target = at(JSON.parse(read('ecs-schedule.json')), 'Target');
  const statements = at(JSON.parse(read('ecs-schedule-policy.json')), 'Statement');

  test('starts that task, and does not try again', () => {
    expect(at(target, 'EcsParameters', 'TaskDefinitionArn')).toMatch(
      new RegExp(`:task-definition/${String(at(task, 'family'))}$`),
    );
    expect(at(target, 'RetryPolicy', 'MaximumRetryAttempts')).toBe(0);
  });

  test('has a role that may start that task in that cluster, hand over its roles, and nothing else', () => {
    const definition = String(at(target, 'EcsParameters', 'TaskDefinitionArn'));

    expect(statements).toMatchObject([
      {
        Action: ['ecs:RunTask'],
        Resource: [definition, `${definition}:*`],
        Condition: { ArnEquals: { 'ecs:cluster': [at(target, 'Arn')] } },
      },
      {
        Action: ['iam:PassRole'],
        Resource: [at(task, 'executionRoleArn'), at(task, 'taskRoleArn')],
        Condition: { StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com'] } },
      },
    ]);
  });
});

test('the crontab has one line, at a time that comes, with a command that the program takes', async () => {
  const lines = read('crontab')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [, expression = '', zone = '', command = ''] =
    /^((?:\S+ ){4}\S+) .*ECS_DNS_ZONE=(\S+) .* ecs-dns (.*?) >> /.exec(lines[0] ?? '') ?? [];

  expect(lines).toHaveLength(1);
  expect(() => cronSchedule(expression)).not.toThrow();
  // cron takes everything behind a percent sign for the command's input.
  expect(lines[0]).not.toContain('%');
  expect(await problemsOf(command.split(' '), { ECS_DNS_ZONE: zone })).toMatch(ONLY_THE_MATCHER);
});
