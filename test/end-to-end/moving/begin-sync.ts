import { expect } from 'vitest';
import type { openPredecessor } from './predecessor.ts';
import { opening, type Walk } from './walk.ts';
import { expectDifferences, type Permitted } from './zone-difference.ts';

/** How the pages on agents that register begin: nothing changes before `apply`, which puts right what the agent did wrong. */
export function beginSync(
  { zone, expectAllLive }: Awaited<ReturnType<typeof openPredecessor>>,
  putRight: readonly Permitted[],
): Walk {
  const before = zone.list();
  const unchanged = () => expect(zone.list()).toEqual(before);
  return [
    ...opening('--policy sync --events "$QUEUE_URL"'),
    ['ecs-dns compare', unchanged],
    ['ecs-dns plan --policy sync', unchanged],
    [
      'ecs-dns apply --policy sync --yes',
      async () => {
        expectDifferences(before, zone.list(), putRight);
        await expectAllLive();
      },
    ],
  ];
}
