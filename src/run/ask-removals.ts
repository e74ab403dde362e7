import { describeError } from '../aws/aws-error.ts';
import type { IncompleteScope } from '../model/inventory.ts';
import type { StoppingPolicy } from '../plan/policy.ts';
import { pendingChanges, withChangesInSync } from '../plan/stops.ts';
import type { Ports } from './ports.ts';
import type { RunOptions } from './run.ts';

/** What Route 53 says of the changes by which earlier runs took tasks out of DNS. */
export interface RemovalsAsked {
  /** As it was given, with what is known by now. */
  readonly stopping: StoppingPolicy | undefined;
  /** The changes of which it did not say anything: they still are in doubt. */
  readonly incomplete: readonly IncompleteScope[];
}

/** Asks Route 53 of every change that it has not said INSYNC of before; of none, where no task may be stopped. */
export async function askRemovals(
  { zone, clock }: Pick<Ports, 'zone' | 'clock'>,
  { stopping, signal }: Pick<RunOptions, 'stopping' | 'signal'>,
): Promise<RemovalsAsked> {
  const changes = stopping === undefined ? [] : pendingChanges(stopping.deregisteredSince);
  if (stopping === undefined || changes.length === 0) return { stopping, incomplete: [] };
  const inSync = new Map<string, number>();
  const incomplete: IncompleteScope[] = [];
  for (const id of changes) {
    try {
      if (await zone.isInSync(id, signal)) inSync.set(id, clock.now());
    } catch (error) {
      signal?.throwIfAborted();
      incomplete.push(unread(id, error));
    }
  }
  const deregisteredSince = withChangesInSync(stopping.deregisteredSince, inSync);
  return { stopping: { ...stopping, deregisteredSince }, incomplete };
}

/** It hides nothing of the fleet: only tasks wait for it. */
function unread(id: string, error: unknown): IncompleteScope {
  const operation = 'route53:GetChange';
  return { scope: `change ${id}`, operation, error: describeError(error), hides: 'nothing' };
}
