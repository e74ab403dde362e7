import { expect, test } from 'vitest';
import { normalizeAddress } from '../../src/model/address-spelling.ts';

test.each([
  ['10.0.0.1', '10.0.0.1'],
  ['ip-10-0-0-1.ec2.internal', 'ip-10-0-0-1.ec2.internal'],
  ['2600:1F18:0000:0001:0000:0000:0000:00ab', '2600:1f18:0:1:0:0:0:ab'],
  ['2600:1f18:0:1::ab', '2600:1f18:0:1:0:0:0:ab'],
  ['::', '0:0:0:0:0:0:0:0'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['fe80::', 'fe80:0:0:0:0:0:0:0'],
  ['1:2:3:4:5:6:7:8::', '1:2:3:4:5:6:7:8'],
])('%s is spelled %s', (address, spelled) => {
  expect(normalizeAddress(address)).toBe(spelled);
});
