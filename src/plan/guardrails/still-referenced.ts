import { normalizeName } from '../../model/dns-name.ts';
import { parseSrvValue } from '../../model/srv-value.ts';
import type { Judged } from '../judge.ts';
import type { Guardrail } from './guardrail.ts';

/** Holds back a host's A entry while an SRV entry that stays, whoever owns it, points at that host. */
export const stillReferenced: Guardrail = {
  name: 'still-referenced',
  examine: (_candidates, { judged }, decided) => {
    const targets = stayingTargets(judged, decided);
    return {
      objection: ({ judgement: { entry } }) => {
        if (entry.type !== 'A') return undefined;
        const by = targets.get(entry.name) ?? targets.get(normalizeName(entry.setIdentifier ?? ''));
        return by === undefined ? undefined : `${by} still points at it`;
      },
      passing: ({ judgement: { entry } }) =>
        entry.type === 'A' ? 'no SRV entry that stays points at it' : undefined,
    };
  },
};

/** The targets of the SRV entries that stay, each with the name of one such entry. */
function stayingTargets(judged: readonly Judged[], decided: readonly Judged[]): ReadonlyMap<string, string> {
  const going = new Set(decided);
  const targets = new Map<string, string>();
  for (const candidate of judged) {
    const { entry } = candidate.judgement;
    if (entry.type !== 'SRV' || going.has(candidate)) continue;
    const target = parseSrvValue(entry.value)?.target;
    if (target !== undefined && !targets.has(target)) targets.set(target, entry.name);
  }
  return targets;
}
