import { afterAll, describe, expect, it } from 'vitest';
import { configFolder, linesOf } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

const ENV = { ECS_DNS_ZONE: 'example.com' };

describe('unknown keys of a file', () => {
  it.each([
    ['polcy: prune', 'polcy: unknown setting; did you mean policy?'],
    ['heatlh: {path: /}', 'heatlh: unknown setting; did you mean health?'],
    ['health: {timeuot: 2s}', 'health.timeuot: unknown setting; did you mean health.timeout?'],
    ['health: {grace-period: 2s}', 'health.grace-period: unknown setting; did you mean health.gracePeriod?'],
    ['min_endpoints: 2', 'min_endpoints: unknown setting; did you mean guardrails.minEndpoints?'],
    ['health.timeout: 2s', 'health.timeout: unknown setting; write timeout below health'],
    [
      'health: {tlsSkipVerfy: true}',
      'health.tlsSkipVerfy: unknown setting; did you mean health.tlsSkipVerify?',
    ],
    ['services: []', 'services: unknown setting; did you mean records.services or health.services?'],
    ['ttl: 60s', 'ttl: unknown setting; did you mean records.ttl?'],
    ['record: {ttl: 60s}', 'record: unknown setting; did you mean records?'],
    ['records: {rooting: weighted}', 'records.rooting: unknown setting; did you mean records.routing?'],
    ['cnames: true', 'cnames: unknown setting; did you mean names or cname?'],
    [
      'records: {colour: red}',
      'records.colour: unknown setting; the settings of records are ttl, routing, ipv6, services',
    ],
    ['health: {output: json}', 'health.output: unknown setting; did you mean output?'],
    [
      '__proto__: {zone: a.b}',
      '__proto__: unknown setting; the settings are zone, clusters, policy, manage, names, namespace, records, hosts, addresses, cname, correct, stopUnhealthyTasks, stopLimit, eventBus, eventFormat, notices, agent, events, health, guardrails, every, timeout, journal, state, log, output',
    ],
    [
      'guardrails: {colour: red}',
      'guardrails.colour: unknown setting; the settings of guardrails are removalBudgetPercent, unhealthyBudgetPercent, budgetDelay, panicPercent, minEndpoints, allowEmpty, maxPlanAge',
    ],
    [
      '"a\\nb": 1',
      '"a\\nb": unknown setting; the settings are zone, clusters, policy, manage, names, namespace, records, hosts, addresses, cname, correct, stopUnhealthyTasks, stopLimit, eventBus, eventFormat, notices, agent, events, health, guardrails, every, timeout, journal, state, log, output',
    ],
  ])('%s', (yaml, line) => {
    expect(linesOf({ file: files.write(yaml), env: ENV })).toEqual([`FILE: ${line}`]);
  });

  it('are named without what stands behind them', () => {
    const [line] = linesOf({ file: files.write('Authorization: hunter2'), env: ENV });
    expect(line).not.toContain('hunter2');
  });
});

describe('sections that are no mapping', () => {
  it.each([
    ['health:', 'health: null is not valid; write the settings of health below it, or leave it out'],
    ['health: on', 'health: "on" is not valid; write the settings of health below it, or leave it out'],
    [
      'health: [hunter2]',
      'health: a list is not valid; write the settings of health below it, or leave it out',
    ],
  ])('%s', (yaml, line) => {
    expect(linesOf({ file: files.write(yaml), env: ENV })).toEqual([`FILE: ${line}`]);
  });
});

describe('unknown variables', () => {
  it.each([
    ['ECS_DNS_ZONEE', 'did you mean ECS_DNS_ZONE?'],
    ['ECS_DNS_HEALTH_GRACEPERIOD', 'did you mean ECS_DNS_HEALTH_GRACE_PERIOD?'],
    ['ECS_DNS_HEALTH_TIMEOUTS', 'did you mean ECS_DNS_HEALTH_TIMEOUT?'],
    ['ECS_DNS_CONFIG_FILE', 'unset it, or name a setting, such as ECS_DNS_ZONE'],
    ['ECS_DNS_CONFG', 'did you mean ECS_DNS_CONFIG?'],
    ['ECS_DNS_HEALTH_SERVICES', 'unset it: health.services can only be set in a config file'],
    ['ECS_DNS_RECORDS_SERVICES', 'unset it: records.services can only be set in a config file'],
    ['ECS_DNS_EVENTBUS', 'did you mean ECS_DNS_EVENT_BUS?'],
    ['ECS_DNS_HEALTH_HOSTNAME', 'did you mean ECS_DNS_HEALTH_HOST_NAME?'],
    ['ECS_DNS_LOG_COLOUR', 'unset it, or name a setting, such as ECS_DNS_ZONE'],
    ['ECS_DNS_', 'unset it, or name a setting, such as ECS_DNS_ZONE'],
  ])('%s', (name, remedy) => {
    expect(linesOf({ env: { ...ENV, [name]: 'hunter2' } })).toEqual([`${name}: unknown variable; ${remedy}`]);
  });

  it('are only those with the prefix', () => {
    expect(linesOf({ env: { ...ENV, ECS_CLUSTER: 'x', ECS_DNSX: 'y', MY_ECS_DNS_ZONE: 'z' } })).toEqual([]);
  });
});

it('unknown flags are named too', () => {
  const flags = { '--health-timeot': '2s', '--colour': 'red', '--health-services': 'hunter2' };
  expect(linesOf({ env: ENV, flags })).toEqual([
    '--colour: unknown flag; leave it out',
    '--health-services: unknown flag; leave it out: health.services can only be set in a config file',
    '--health-timeot: unknown flag; did you mean --health-timeout?',
  ]);
});
