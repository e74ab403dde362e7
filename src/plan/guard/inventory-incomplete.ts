import type { IncompleteScope } from '../../model/inventory.ts';
import { specOf } from '../judge/rules.ts';
import type { Match } from '../match/match-kinds.ts';
import { ALWAYS_ON, counted, type Guardrail, sameForAll } from './guardrail.ts';

/**
 * Holds back whatever an unread scope could explain: entries of hosts and tasks of a cluster that
 * was not read completely, and entries that belong to no cluster that was.
 */
export const inventoryIncomplete: Guardrail = {
  name: 'inventory-incomplete',
  words: {
    holdsBack:
      'entries of a cluster that was not read completely; of no known cluster while something is unread',
    byDefault: ALWAYS_ON,
    liftedBy: 'nothing but the missing permission, or a run that is not throttled',
    example: 'cluster green was not read completely: cluster/green ecs:ListTasks',
  },
  evaluate: (_candidates, { inventory, unknownHosts }) => {
    const unread = [...inventory.incomplete, ...unknownHosts.incomplete];
    const [first, ...others] = unread;
    if (first === undefined)
      return sameForAll(false, () => `everything was read: ${counted(inventory.clusters.length, 'cluster')}`);
    const complete = new Set(inventory.clusters.filter((cluster) => cluster.complete).map(({ arn }) => arn));
    return {
      objection: ({ match }) => {
        const clusters = specOf(match).clusters(match);
        const partial = clusters.find((cluster) => !complete.has(cluster.arn));
        if (partial !== undefined)
          return explain(`cluster ${partial.name} was not read completely`, first, others);
        if (clusters.length > 0) return undefined;
        const [hiding, ...more] = unread.filter((scope) => couldHide(scope, match));
        return hiding && explain('the entry belongs to no cluster that was read', hiding, more);
      },
      passing: ({ match }) => {
        const names = specOf(match)
          .clusters(match)
          .map(({ name }) => name);
        return names.length > 0
          ? `${names.join(', ')} was read completely, whatever else was not`
          : explain('what could not be read cannot hide what the entry leads to', first, others);
      },
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
    case 'balancers':
    case 'target-health':
    case 'public-addresses':
    case 'nothing':
      return false;
  }
}

function explain(what: string, first: IncompleteScope, others: readonly IncompleteScope[]): string {
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return `${what}: ${first.scope} ${first.operation}${more}`;
}
