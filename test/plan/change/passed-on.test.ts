import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../../src/model/inventory.ts';
import { addressSet, portOf, task, taskId } from '../addresses.ts';
import { carriedOut, decideSync, type SyncCase } from '../desired/support.ts';

/** The task that has the address of the first one, which is gone. */
const HEIR: Endpoint = portOf(
  task(2, { networkInterface: { id: 'eni-2', address: '10.0.0.1', ipv6: undefined } }),
);
const OLD = addressSet(1);
const OWN = { ...addressSet(2), ResourceRecords: [{ Value: '10.0.0.1' }] };
const V6 = { ...addressSet(1), Type: 'AAAA', ResourceRecords: [{ Value: 'fd00::2' }] };

function zoneAfter(given: SyncCase) {
  const { plan } = decideSync({ endpoints: [HEIR], ...given });
  return carriedOut(given.zone ?? [], plan.groups).map(({ SetIdentifier }) => SetIdentifier?.slice(-32));
}

describe('the address of a task that is gone, and that another of its name has', () => {
  it.each<[string, SyncCase, readonly number[]]>([
    ['goes with the run that registers the other', { zone: [OLD] }, [2]],
    ['stays where the other was not asked', { zone: [OLD], unasked: [HEIR] }, [1]],
    ['goes where the other has a set of its own', { zone: [OLD, OWN], unasked: [HEIR] }, [2]],
    [
      'stays where that set is of weight 0, and none that clients get',
      { zone: [OLD, { ...OWN, Weight: 0 }], unasked: [HEIR] },
      [1, 2],
    ],
    ['goes as what fails where the other does', { zone: [OLD], failing: [HEIR] }, []],
    ['stays under a name of another type', { zone: [OLD, V6], unasked: [HEIR] }, [1]],
  ])('%s', (_, given, left) => {
    expect(zoneAfter(given)).toEqual(left.map(taskId));
  });
});
