import type { IncompleteScope } from '../../model/inventory.ts';
import type { Judged } from '../judge.ts';
import type { Match } from '../match.ts';
import { type Guardrail, NO_OBJECTION } from './guardrail.ts';

/**
 * Holds back whatever an unread scope could explain: entries of hosts and tasks of a cluster that
 * was not read completely, and entries that belong to no cluster that was.
 */
export const inventoryIncomplete: Guardrail = {
  name: 'inventory-incomplete',
  examine: (_candidates, { inventory, strangers }) => {
    const unread = [...inventory.incomplete, ...strangers.incomplete];
    if (unread.length === 0) return NO_OBJECTION;
    const complete = new Set(
      inventory.clusters.filter((cluster) => cluster.complete).map(({ name }) => name),
    );
    return ({ match }) => {
      const cluster = clusterOf(match);
      if (cluster !== undefined) {
        return complete.has(cluster)
          ? undefined
          : explain(`cluster ${cluster} was not read completely`, unread);
      }
      const hiding = unread.filter((scope) => couldHide(scope, match));
      return hiding.length === 0 ? undefined : explain('it belongs to no cluster that was read', hiding);
    };
  },
};

function couldHide(scope: IncompleteScope, match: Match): boolean {
  switch (scope.hides) {
    case 'endpoints':
      return true;
    case 'host-names':
      return match.kind === 'host-unknown' && match.containerId === undefined;
    case 'service-names':
      return false;
  }
}

function explain(what: string, unread: readonly IncompleteScope[]): string {
  const [first, ...others] = unread;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return first === undefined ? what : `${what}: ${first.scope} ${first.operation}${more}`;
}

/** The cluster an entry is attributed to, through its container, its place or whoever took its place. */
export function clusterOf(match: Judged['match']): string | undefined {
  switch (match.kind) {
    case 'endpoint':
    case 'replaced':
      return match.endpoint.container.cluster;
    case 'starting':
    case 'stopping':
    case 'portless':
      return match.container.cluster;
    case 'vacant':
    case 'host-present':
    case 'host-gone':
      return match.place.cluster;
    case 'foreign':
    case 'malformed':
    case 'host-unknown':
      return undefined;
  }
}
