import { describe, expect, it } from 'vitest';
import { isHostName, parseSetIdentifier } from '../../src/model/set-identifier.ts';

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
