import { describe, expect, it } from 'vitest';
import {
  containerIdentifiers,
  isBareContainerId,
  isHostName,
  MAX_IDENTIFIER_LENGTH,
  movedIdentifier,
  parseSetIdentifier,
} from '../../src/model/set-identifier.ts';

const ID = '0123456789ab'.padEnd(64, 'c');
const TASK_ID = '0123456789abcdef0123456789abcdef';

describe('parseSetIdentifier', () => {
  it.each([
    ['the full Docker id', `ip-10-0-0-1.ec2.internal:${ID}`, 'ip-10-0-0-1.ec2.internal', ID],
    ['the 12-digit short form', 'ip-10-0-0-1:0123456789ab', 'ip-10-0-0-1', '0123456789ab'],
    ['the form of a task without Docker', `h:${TASK_ID}-1234567890`, 'h', `${TASK_ID}-1234567890`],
    ['a host with capitals and a trailing dot', `Host.Example.:${ID}`, 'host.example', ID],
    ['an address for a host', `10.0.0.1:${ID}`, '10.0.0.1', ID],
    ['a port behind the id', `ip-10-0-0-1:${ID}/20006`, 'ip-10-0-0-1', ID],
    ['the port of this worker’s', `ecs-dns:ip-10-0-0-1:${ID}/20006`, 'ip-10-0-0-1', ID],
    ['a host that is called so', `ecs-dns:${ID}`, 'ecs-dns', ID],
    ['the id alone, of older agents', ID, undefined, ID],
    ['an underscore inside a label', `my_host.example:${ID}`, 'my_host.example', ID],
  ])('reads %s', (_, identifier, host, containerId) => {
    expect(parseSetIdentifier(identifier)).toEqual({ host, containerId });
  });

  it.each([
    ['no identifier', undefined],
    ['an empty one', ''],
    ['no colon', 'primary'],
    ['no host', `:${ID}`],
    ['no id', 'host:'],
    ['the short id alone', '0123456789ab'],
    ['the id alone, with a port', `${ID}/80`],
    ['an id that is too short', 'host:0123456789a'],
    ['an id that is too long', `host:${'a'.repeat(65)}`],
    ['an id that is not hexadecimal', 'host:0123456789xy'],
    ['an id in capitals, as no agent writes it', `host:${ID.toUpperCase()}`],
    ['a task id in capitals', `host:${TASK_ID.toUpperCase()}-1`],
    ['a task id without its number', `host:${TASK_ID}-`],
    ['a task id whose number is too long', `host:${TASK_ID}-12345678901`],
    ['a port behind a third colon', `host:${ID}:20006`],
    ['what is no port behind the id', `host:${ID}/api`],
    ['a second colon', `host:80:${ID}`],
    ['an IPv6 address for a host', `fd00::1:${ID}`],
    ['a host with an empty label', `a..b:${ID}`],
    ['a host that starts with a hyphen', `-a:${ID}`],
    ['a host that ends with a hyphen', `a-:${ID}`],
    ['a host with a blank', `a b:${ID}`],
    ['a host of more than 253 characters', `${'a'.repeat(254)}:${ID}`],
  ])('rejects %s', (_, identifier) => {
    expect(parseSetIdentifier(identifier)).toBeUndefined();
  });
});

describe('containerIdentifiers', () => {
  const long = (length: number) => 'h'.repeat(length);

  it('are as an agent writes it, and with the port behind what no agent takes for its own', () => {
    expect(containerIdentifiers('h', ID, 80)).toEqual([`h:${ID}`, `ecs-dns:h:${ID}/80`]);
  });

  it.each([
    ['the longest that fits', long(49), [`${long(49)}:${ID}`, `ecs-dns:${long(49)}:${ID}/65535`]],
    [
      'one more: the short id stands for the whole',
      long(50),
      [`${long(50)}:${ID}`, `ecs-dns:${long(50)}:0123456789ab/65535`],
    ],
    ['too long for an agent', long(64), [`ecs-dns:${long(64)}:0123456789ab/65535`]],
    ['too long for all', long(102), []],
  ])('keep within what Route 53 takes: %s', (_, host, expected) => {
    const identifiers = containerIdentifiers(host, ID, 65_535);
    expect(identifiers).toEqual(expected);
    for (const one of identifiers) {
      expect(one.length).toBeLessThanOrEqual(MAX_IDENTIFIER_LENGTH);
      expect(parseSetIdentifier(one)?.host).toBe(host);
    }
  });

  it('never shorten the id of a container without Docker, which is that of its task', () => {
    expect(containerIdentifiers(long(80), `${TASK_ID}-1`, 65_535)).toEqual([`${long(80)}:${TASK_ID}-1`]);
  });
});

describe('movedIdentifier', () => {
  it.each([
    ['the old one of a second port', `Host.example.:${ID}/80`, `ecs-dns:Host.example.:${ID}/80`],
    [
      'one that would be too long',
      `${'h'.repeat(50)}:${ID}/65535`,
      `ecs-dns:${'h'.repeat(50)}:0123456789ab/65535`,
    ],
    ['today’s', `ecs-dns:h:${ID}/80`, undefined],
    ['an agent’s', `h:${ID}`, undefined],
    ['the id alone', ID, undefined],
    ['another tool’s', 'mine/80', undefined],
    ['none', undefined, undefined],
  ])('of %s', (_, identifier, expected) => {
    expect(movedIdentifier(identifier)).toBe(expected);
  });
});

it('a container’s id alone is all of its digits', () => {
  expect([ID, ID.slice(0, 12), `${ID}0`].map(isBareContainerId)).toEqual([true, false, false]);
});

describe('isHostName', () => {
  it.each([
    ['ip-10-0-0-1.ec2.internal', true],
    ['a', true],
    ['a'.repeat(253), true],
    ['a'.repeat(254), false],
    ['', false],
    ['_calc._tcp', false],
    ['UPPER', false],
    ['us east', false],
  ])('%j: %s', (name, expected) => {
    expect(isHostName(name)).toBe(expected);
  });
});
