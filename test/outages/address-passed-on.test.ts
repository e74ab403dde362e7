import { expect, test } from 'vitest';
import { openShop } from './cloud-map-shop.ts';

test('a task that has the address of one that has ended gets a record in the run that takes the old one', async () => {
  const { worker, runAnother, end, addressesOf, setsOf } = await openShop();
  const before = { addresses: addressesOf('shop'), sets: setsOf('shop') };
  const [address = ''] = before.addresses;
  end(address);
  runAnother(undefined, address);

  await worker.apply();

  expect(addressesOf('shop')).toEqual(before.addresses);
  expect(setsOf('shop')).not.toEqual(before.sets);
});
