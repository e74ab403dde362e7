import type { IncompleteScope } from '../../model/inventory.ts';
import type { Match } from '../match/match-kinds.ts';
import { type Guardrail, sameForAll } from './guardrail.ts';

/**
 * Holds back whatever an unread scope could explain: entries of hosts and tasks of a cluster that
 * was not read completely, and entries that belong to no cluster that was.
 */
export const inventoryIncomplete: Guardrail = {
  name: 'inventory-incomplete',
  evaluate: (_candidates, { inventory, unknownHosts }) => {
    const unread = [...inventory.incomplete, ...unknownHosts.incomplete];
    const [first, ...others] = unread;
    if (first === undefined)
      return sameForAll(false, () => `everything was read: ${counted(inventory.clusters.length)}`);
    const complete = new Set(
      inventory.clusters.filter((cluster) => cluster.complete).map(({ name }) => name),
    );
    return {
      objection: ({ match }) => {
        const clusters = clustersOf(match);
        const partial = clusters.find((cluster) => !complete.has(cluster));
        if (partial !== undefined)
          return explain(`cluster ${partial} was not read completely`, first, others);
        if (clusters.length > 0) return undefined;
        const [hiding, ...more] = unread.filter((scope) => couldHide(scope, match));
        return hiding && explain('it belongs to no cluster that was read', hiding, more);
      },
      passing: ({ match }) => {
        const clusters = clustersOf(match);
        return clusters.length > 0
          ? `${clusters.join(', ')} was read completely, whatever else was not`
          : explain('what could not be read cannot hide it', first, others);
      },
    };
  },
};

function counted(clusters: number): string {
  return `${clusters} ${clusters === 1 ? 'cluster' : 'clusters'}`;
}

function couldHide(scope: IncompleteScope, match: Match): boolean {
  switch (scope.hides) {
    case 'endpoints':
      return true;
    case 'host-names':
      return match.kind === 'host-unknown' && match.containerId === undefined;
    case 'service-names':
    case 'balancers':
    case 'public-addresses':
      return false;
  }
}

function explain(what: string, first: IncompleteScope, others: readonly IncompleteScope[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${what}: ${first.scope} ${first.operation}${more}`;
}

/** The clusters an entry is attributed to: its container's, or those of all locations it may lead to. */
function clustersOf(match: Match): readonly string[] {
  switch (match.kind) {
    case 'endpoint':
      return [match.endpoint.container.cluster];
    case 'starting':
    case 'stopping':
    case 'port-not-exposed':
    case 'addressed':
    case 'readdressed':
      return [match.container.cluster];
    case 'task-gone':
      return [match.task.cluster.name];
    case 'service':
    case 'replaced':
    case 'no-task-on-host':
    case 'host-present':
    case 'host-gone':
      return match.clusters;
    case 'foreign':
    case 'malformed':
    case 'unresolved':
    case 'host-unknown':
    case 'cluster-unknown':
    case 'address-out-of-scope':
      return [];
    case 'address-reassigned':
    case 'address-unassigned':
      // Whose the address was may run in any cluster.
      return [];
  }
}
