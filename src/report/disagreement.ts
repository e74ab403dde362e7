import type { Notice } from '../model/inventory.ts';
import type { Evidence, Judgement } from '../model/verdict.ts';

/** Whether something finds a container healthy, and in whose words. */
interface Voice {
  readonly isHealthy: boolean;
  readonly words: string;
}

/** The checks of ECS, of target groups and of this worker look at one container and see different things. */
export function disagreement(judgement: Judgement): Notice | undefined {
  const { entry, evidence } = judgement;
  if (evidence['targetHealth'] === 'disputed')
    return noticeOf(entry, `its target groups do not agree: ${evidence['targets']}`);
  const voices = [byEcs(evidence), byTargets(evidence), byProbe(judgement)].flatMap((one) => one ?? []);
  const last = voices.at(-1);
  const others = voices.filter(({ isHealthy }) => isHealthy !== last?.isHealthy);
  if (last === undefined || others.length === 0) return undefined;
  return noticeOf(entry, `${others.map(({ words }) => words).join(' and ')}, but ${last.words}`);
}

function noticeOf({ recordSet, value }: Judgement['entry'], detail: string): Notice {
  return { subject: `${recordSet.Name} ${value}`, detail };
}

function byEcs({ ecsHealth }: Evidence): Voice | undefined {
  return ecsHealth === undefined
    ? undefined
    : { isHealthy: ecsHealth === 'HEALTHY', words: `ECS calls the container ${ecsHealth}` };
}

function byTargets({ targetHealth, targets }: Evidence): Voice | undefined {
  return targetHealth === undefined
    ? undefined
    : { isHealthy: targetHealth === 'healthy', words: `its target group says ${targets}` };
}

function byProbe({ verdict, reason, evidence }: Judgement): Voice | undefined {
  const { attempts, failure } = evidence;
  if (typeof attempts !== 'number' || attempts === 0) return undefined;
  const isHealthy = reason === 'healthy' || reason === 'recovered' || reason === 'recovering';
  const isFailing = verdict === 'unhealthy' || reason === 'grace-period' || reason === 'below-threshold';
  if (!isHealthy && !isFailing) return undefined;
  const seen = isHealthy ? 'finds it healthy' : `ends with ${failure ?? reason}`;
  return { isHealthy, words: `the probe ${seen}` };
}
