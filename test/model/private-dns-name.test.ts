import { describe, expect, it } from 'vitest';
import { addressInName } from '../../src/model/private-dns-name.ts';

describe('the address that a private DNS name says', () => {
  it.each([
    ['ip-10-0-1-2.ec2.internal', '10.0.1.2'],
    ['ip-10-0-1-2.eu-west-1.compute.internal', '10.0.1.2'],
    ['ip-10-0-1-2', '10.0.1.2'],
    ['ip-10-0-1-256.ec2.internal', undefined],
    ['ip-10-0-1.ec2.internal', undefined],
    ['i-0123456789abcdef0.ec2.internal', undefined],
    ['node1.corp.example.com', undefined],
    ['', undefined],
  ])('%s: %s', (name, expected) => {
    expect(addressInName(name)).toBe(expected);
  });
});
