import { expect, test } from 'vitest';
import { openShop } from './cloud-map-shop.ts';

test('a task that an earlier deployment has registered gets no record under the registry of the last one', async () => {
  const { worker, runAnother, changeRegistry, addressesOf } = await openShop();
  const before = addressesOf('shop');
  changeRegistry('store');
  const added = runAnother();

  const { withheld } = await worker.apply();

  expect(addressesOf('store')).toEqual([added]);
  expect(addressesOf('shop')).toEqual(before);
  const unknown = withheld.filter(({ reason }) => reason === 'registry-unknown');
  expect(unknown.map(({ value }) => value).toSorted()).toEqual(before);
});
