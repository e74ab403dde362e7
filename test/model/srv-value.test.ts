import { describe, expect, it } from 'vitest';
import { parseSrvValue } from '../../src/model/srv-value.ts';

describe('parseSrvValue', () => {
  it.each([
    ['four fields', '1 2 32801 ip-10-0-0-1.ec2.internal', [1, 2, 32_801, 'ip-10-0-0-1.ec2.internal']],
    ['a trailing dot and capitals', '1 1 80 Host.Example.', [1, 1, 80, 'host.example']],
    ['an escaped target', '1 1 80 \\052.example.', [1, 1, 80, '*.example']],
    ['an address as target', '1 1 80 10.0.0.1', [1, 1, 80, '10.0.0.1']],
    ['blanks around and tabs between', '  0\t0  443\ta.b ', [0, 0, 443, 'a.b']],
    ['the greatest numbers', '65535 65535 65535 a', [65_535, 65_535, 65_535, 'a']],
    ['the least numbers', '0 0 1 a', [0, 0, 1, 'a']],
  ])('reads %s', (_, value, [priority, weight, port, target]) => {
    expect(parseSrvValue(value)).toEqual({ priority, weight, port, target });
  });

  it.each([
    ['nothing', ''],
    ['three fields', '1 1 80'],
    ['five fields', '1 1 80 a b'],
    ['a priority too great', '65536 1 80 a'],
    ['a weight too great', '1 65536 80 a'],
    ['a port too great', '1 1 65536 a'],
    ['port 0', '1 1 0 a'],
    ['a negative number', '-1 1 80 a'],
    ['a number with a fraction', '1 1 80.5 a'],
    ['six digits', '000001 1 80 a'],
    ['words for numbers', 'x 1 80 a'],
    ['the root as target, which means that there is no service', '1 1 80 .'],
  ])('rejects %s', (_, value) => {
    expect(parseSrvValue(value)).toBeUndefined();
  });
});
