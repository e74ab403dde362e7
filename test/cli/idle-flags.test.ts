import { describe, expect, test } from 'vitest';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { runHere } from './support.ts';

const ZONE = ['--zone', ZONE_NAME];
const UNPROBED = 'health.enabled is false';

async function planned(command: string, ...args: readonly string[]) {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 1 });
  const server = await serve(fleet.world);
  return runHere([...command.split(' '), ...ZONE, ...args], server.url);
}

describe('a flag that has no effect is told on stderr, and is no error', () => {
  test.each([
    [
      'plan',
      ['--records-ttl', '60s'],
      '--records-ttl has no effect: policy is prune, which writes no records',
    ],
    ['plan', ['--correct'], '--correct has no effect: policy is prune, which writes no records'],
    ['plan', ['--no-cname'], '--no-cname has no effect: policy is prune, which writes no records'],
    [
      'plan',
      ['--health-healthy-threshold', '1'],
      '--health-healthy-threshold has no effect: policy is prune, which writes no records',
    ],
    ['plan', ['--stop-limit', '3'], '--stop-limit has no effect: stopUnhealthyTasks is false'],
    ['apply --yes', ['--event-format', 'agent'], '--event-format has no effect: eventBus is not set'],
    [
      'plan',
      ['--guardrails-budget-delay', '2h'],
      '--guardrails-budget-delay has no effect: state is not set',
    ],
    ['plan', ['--health-path', '/ready'], `--health-path has no effect: ${UNPROBED}`],
    [
      'plan',
      ['--guardrails-panic-percent', '20'],
      '--guardrails-panic-percent has no effect: health.enabled and all that health may trust is off, so that nothing is unhealthy',
    ],
    ['plan', ['--event-bus', 'default'], '--event-bus has no effect: plan does not use it'],
    ['plan', ['--journal', 'none'], '--journal has no effect: plan does not use it'],
    ['explain _orders._tcp', ['--stop-limit', '3'], '--stop-limit has no effect: explain does not use it'],
    ['iam', ['--output', 'json'], '--output has no effect: iam does not use it'],
  ])('%s %j', async (command, args, says) => {
    const { code, stdout, stderr } = await planned(command, '--no-health-enabled', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: `ecs-dns: ${says}\n` });
    expect(stdout).not.toBe('');
  });

  test('next to another one of the command', async () => {
    const { stderr } = await runHere(
      ['restore', '/none.jsonl', '--dry-run', '--yes', ...ZONE, '--policy', 'sync'],
      'http://127.0.0.1:1',
    );
    expect(stderr).toContain('there is no such file');
  });
});

test.each([
  ['plan', ['--policy', 'sync', '--records-ttl', '60s', '--correct', '--health-healthy-threshold', '1']],
  ['plan', ['--stop-unhealthy-tasks', '--health-trust-ecs', '--stop-limit', '3']],
  ['plan', ['--guardrails-min-endpoints', '2', '--clusters', 'blue']],
  ['compare', ['--records-ttl', '60s']],
  ['apply --yes', ['--journal', 'none', '--guardrails-max-plan-age', '5m']],
])('what has an effect is not told: %s %j', async (command, args) => {
  const { stderr } = await planned(command, '--no-health-enabled', ...args);
  expect(stderr).not.toContain('has no effect');
});

test('a file and variables serve several commands, and are not told', async () => {
  const server = await serve(newFleet().world);
  const env = { ECS_DNS_RECORDS_TTL: '60s', ECS_DNS_STOP_LIMIT: '3', ECS_DNS_EVENT_FORMAT: 'agent' };
  const { stderr } = await runHere(['plan', ...ZONE], server.url, { env });
  expect(stderr).not.toContain('has no effect');
});
