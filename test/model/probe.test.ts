import { expect, it } from 'vitest';
import { probeKey } from '../../src/model/probe.ts';

it('gives one key to one address and port, and different keys to all others', () => {
  const targets = [
    { address: '10.0.0.1', port: 80 },
    { address: '10.0.0.1', port: 8 },
    { address: '10.0.0.10', port: 80 },
    { address: 'fd00::1', port: 80 },
  ];
  expect(new Set(targets.map(probeKey)).size).toBe(4);
  expect(probeKey({ address: '10.0.0.1', port: 80 })).toBe(probeKey({ port: 80, address: '10.0.0.1' }));
});
