import { recordSetKey } from '../../../src/model/record-set.ts';
import { parseSrvValue } from '../../../src/model/srv-value.ts';
import type { Judgement } from '../../../src/model/verdict.ts';
import type { Session } from '../aws/session.ts';
import type { World } from '../world/world.ts';

/** What the worker said of a value, by the plan that it showed before it changed anything. */
export function judgementOf(session: Session, key: string, value: string): Judgement | undefined {
  return session.preview?.plan.judgements.find(
    ({ entry }) => entry.value === value && recordSetKey(entry.recordSet) === key,
  );
}

/** The key of the outcome of the probe that an entry leads to. */
export function probeKeyOf(value: string, world: World): string {
  const srv = parseSrvValue(value);
  return `${world.addressOf(srv?.target ?? '')} ${srv?.port}`;
}
