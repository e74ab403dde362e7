import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { answerFor } from '../end-to-end/support.ts';
import { openShop } from './cloud-map-shop.ts';

const READ = 'storefront,payments';

test.each<[string, Partial<Record<string, string>>]>([
  ['cannot ask it', { '--health-enabled': 'true' }],
  ['reads no registries, which alone give it a name', { '--names': 'metadata' }],
  ['registers nothing', { '--policy': 'prune' }],
])(
  'a task keeps the record of one that has ended and had its address, in a run that %s',
  async (_, flags) => {
    const { workerWith, runAnother, end, setsOf } = await openShop();
    const before = setsOf('shop');
    const [address = ''] = before.flatMap(({ ResourceRecords = [] }) =>
      ResourceRecords.map(({ Value }) => Value),
    );
    end(address);
    runAnother(undefined, address);

    await workerWith(flags).apply();

    expect(setsOf('shop')).toEqual(before);
  },
);

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

test('the record of a task that has ended stays while its address answers at the port of the others', async () => {
  const { worker, end, addressesOf } = await openShop();
  const [address = '', ...others] = addressesOf('shop');
  // What ECS does not list yet has the address by now.
  await answerFor(
    { address, port: 8080 },
    createServer((_, response) => response.end('ok')),
  );
  end(address);

  const { entries } = await worker.apply();

  expect(addressesOf('shop')).toEqual([address, ...others]);
  expect(entries.filter(({ value }) => value === address)).toMatchObject([
    { verdict: 'unverified', reason: 'still-answers', evidence: { asked: `${address}:8080` } },
  ]);
});

test('the record of a task that has ended goes where nothing answers at its address', async () => {
  const { worker, end, addressesOf } = await openShop();
  const [address = '', ...others] = addressesOf('shop');
  end(address);

  await worker.apply();

  expect(addressesOf('shop')).toEqual(others);
});

test.each(['FARGATE', 'MANAGED_INSTANCES'] as const)(
  'the record of a task that has ended stays while EC2 has its address, by %s, in a run that knows no task of the name',
  async (launchType) => {
    const { workerWith, runUnseen, end, addressesOf } = await openShop();
    const before = addressesOf('shop');
    const [address = ''] = before;
    end(address);
    runUnseen(address, launchType);

    const { heldBack } = await workerWith({ '--names': 'metadata', '--clusters': READ }).apply();

    expect(addressesOf('shop')).toEqual(before);
    expect(heldBack.map(({ guardrail }) => guardrail)).toEqual(['not-confirmed']);
  },
);
