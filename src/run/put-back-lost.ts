import { ANOTHER_WRITER } from '../model/change.ts';
import { probeKey } from '../model/probe.ts';
import type { Carried } from '../plan/parts.ts';
import { lostTargets, putBackGroups, takenForHealth } from '../plan/put-back.ts';
import { askedOnce } from './ask-endpoints.ts';
import type { RunContext } from './run.ts';

/**
 * Looks once more at the names of which something was taken that runs. One that has lost all of its others meanwhile, to
 * another writer, gets back at once what answers by now. What cannot be found out or written is left to the next run.
 */
export async function putBackLost(done: Carried, context: RunContext): Promise<Carried> {
  const taken = takenForHealth(done);
  if (taken.length === 0) return done;
  try {
    return await putBack(done, taken, context);
  } catch {
    return done;
  }
}

async function putBack(
  { plan, outcomes }: Carried,
  taken: ReturnType<typeof takenForHealth>,
  { runId, observation: { zone }, ports, options: { signal, deadline } }: RunContext,
): Promise<Carried> {
  const names = [...new Set(taken.map(({ judgement }) => judgement.entry.recordSet.Name))];
  const targets = lostTargets(taken, await ports.zone.readNames(zone, names, signal), plan.matching.rule);
  if (targets.size === 0) return { plan, outcomes };
  const heard = await ports.prober.probe([...targets.values()].map(askedOnce), { deadline }, signal);
  const healthy = [...targets.values()].map(probeKey).filter((key) => heard.get(key)?.kind === 'healthy');
  const groups = putBackGroups(taken, targets, new Set(healthy));
  if (groups.length === 0) return { plan, outcomes };
  const written = await ports.zone.apply(zone, groups, { signal, deadline, runId });
  const back = groups.filter(({ key }) => written.get(key)?.status === 'applied');
  const notices = names.flatMap((name) => lossNotice(name, back));
  return {
    plan: {
      ...plan,
      groups: [...plan.groups, ...groups],
      registered: plan.registered + groups.length,
      notices: [...plan.notices, ...notices],
    },
    outcomes: new Map([...outcomes, ...written]),
  };
}

/** Tells of a name only what was put back: what could not be is a change with its own outcome. */
function lossNotice(name: string, groups: ReturnType<typeof putBackGroups>) {
  const own = groups.flatMap(({ changes }) => changes).filter(({ recordSet }) => recordSet.Name === name);
  if (own.length === 0) return [];
  const sets =
    own.length === 1 ? 'one set that answers by now is' : `${own.length} sets that answer by now are`;
  const detail = `${ANOTHER_WRITER} took what this run had left of it: ${sets} put back`;
  return [{ subject: name, detail }];
}
