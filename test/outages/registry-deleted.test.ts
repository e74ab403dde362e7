import { expect, test } from 'vitest';
import { openShop } from './cloud-map-shop.ts';

test('a service of Cloud Map that was deleted concerns its own tasks alone: their records stay, and the run is whole', async () => {
  const { worker, runAnother, deleteRegistry, addressesOf, search, registryId } = await openShop();
  const before = { shop: addressesOf('shop'), search: addressesOf('search') };
  deleteRegistry();
  const [added, ofSearch] = [runAnother(), runAnother(search)];

  const { incomplete, withheld, notices } = await worker.apply();

  expect(before.shop.length).toBeGreaterThan(0);
  expect(incomplete).toEqual([]);
  expect(addressesOf('shop')).toEqual(before.shop);
  expect(addressesOf('search')).toEqual([...before.search, ofSearch].toSorted());
  const unknown = withheld.filter(({ reason }) => reason === 'registry-unknown');
  expect(unknown.map(({ value }) => value)).toEqual([added]);
  expect(notices.map(({ detail }) => detail)).toContainEqual(
    expect.stringContaining(`its registry ${registryId} no more`),
  );
});

test('where a task has got the address of one that has ended, and nothing tells its name, the record stays', async () => {
  const { worker, runAnother, end, deleteRegistry, addressesOf, setsOf } = await openShop();
  const before = { addresses: addressesOf('shop'), sets: setsOf('shop') };
  const [address = ''] = before.addresses;
  end(address);
  runAnother(undefined, address);
  deleteRegistry();

  const { entries } = await worker.apply();

  expect(setsOf('shop')).toEqual(before.sets);
  const passed = entries.filter(({ name, value }) => name.startsWith('shop.') && value === address);
  expect(passed.map(({ verdict, reason }) => [verdict, reason])).toEqual([['unverified', 'service-unknown']]);
});
