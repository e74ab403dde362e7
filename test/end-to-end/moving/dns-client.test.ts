import { expect, test } from 'vitest';
import { labelAgentRecord, meshPlaceholder } from '../../../src/sandbox/fleet/predecessors.ts';
import { OWN_BLOCK } from '../../own-block.ts';
import { openPredecessor } from './predecessor.ts';

const NAMES = ['carts', 'prices', 'search', 'shop'].map((name) => ({ name, type: 'A', port: 8080 }));
const INTERFACES = `127.${OWN_BLOCK + 64}.0`;

test('a client notices a name that loses its last live answer, and every answer that is dead', async () => {
  const opened = await openPredecessor('label-agent', NAMES);
  const { zone, look, expectAllLive } = opened;
  const carts = labelAgentRecord(opened, 'carts', `${INTERFACES}.6`);

  // The only record of `search` has outlived its task, and that is no loss of now.
  await look();
  await expect(expectAllLive()).rejects.toThrow();
  zone.put(labelAgentRecord(opened, 'search', `${INTERFACES}.4`));
  await look();
  await expectAllLive();

  zone.delete(carts);
  await expect(look()).rejects.toThrow();
  zone.put({ ...meshPlaceholder(opened, 'carts') });
  await expect(look()).rejects.toThrow();
  zone.delete(meshPlaceholder(opened, 'carts'));
  zone.put(carts);
  await look();

  // One of two that may be drawn is dead.
  zone.put({ ...labelAgentRecord(opened, 'carts', `${INTERFACES}.99`), SetIdentifier: 'another' });
  await look();
  await expect(expectAllLive()).rejects.toThrow();
});
