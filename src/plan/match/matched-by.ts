import { hostKey } from '../../model/cluster.ts';
import type { Host, Inventory } from '../../model/inventory.ts';
import { addressOwner } from './managed-addresses.ts';
import { containerOf, type Match, type Matched } from './match-kinds.ts';
import type { SrvRecord } from './srv-record.ts';

/** The machine that an entry leads to, as far as a cluster has registered it. */
export function hostOf(match: Match, { hosts }: Inventory): Host | undefined {
  if (!('location' in match)) return containerOf(match)?.host;
  const key = hostKey(match.location);
  return hosts.find((host) => hostKey(host) === key);
}

/** By what an entry was matched, in words that follow those of the match. */
export const MATCHED_BY_WORDS = {
  'container-id': 'by the container id of its set identifier',
  successor: 'as the successor of its container: same service, same host and port, and no entry of its own',
  position: 'by service name, host and port',
  host: 'by its host alone',
  task: 'by the task that it names',
  address: 'by its address',
  nothing: '',
} as const;
export type MatchedBy = keyof typeof MATCHED_BY_WORDS;

export function matchedBy({ match, entry }: Matched, srvRecord: SrvRecord | undefined): MatchedBy {
  if (match.kind === 'endpoint' && match.isSuccessor) return 'successor';
  if (match.kind === 'task-gone') return 'task';
  const container = containerOf(match);
  const owner = addressOwner(entry.recordSet);
  if (owner !== undefined) {
    if (container === undefined) return 'nothing';
    return owner.kind === 'task' ? 'task' : 'address';
  }
  if (container !== undefined) {
    const named = srvRecord?.containerId;
    return named !== undefined && container.id?.startsWith(named) ? 'container-id' : 'position';
  }
  return 'location' in match ? 'host' : 'nothing';
}
