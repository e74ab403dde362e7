import type { RegistrySpec } from '../registry-setup.ts';
import type { SimTask } from './entities.ts';
import type { CloudMap } from './registries.ts';
import type { World } from './world.ts';

type TaskNames = Pick<SimTask, 'portNames' | 'addressName' | 'startedBy'>;

/** What a task is called that is started now; of what both name the first in the settings names it. */
export function namesOf(serviceIndex: number, { history, cloudMap }: World): TaskNames {
  const service = history.setup.services[serviceIndex];
  if (service === undefined) return { portNames: [], addressName: undefined, startedBy: undefined };
  const { name, secondName, containerPorts, isSilent, mode } = service;
  const said = isSilent === true ? [] : [name, secondName ?? name];
  const claims = cloudMap === undefined ? [] : claimsOf(cloudMap.registriesOf(serviceIndex), cloudMap);
  const isFirst = history.setup.registries?.order[0] === 'registries';
  const claimed = (index: number) =>
    claims.find(({ types, port }) => types.includes('SRV') && port === index)?.name;
  const hasInterface = mode === 'awsvpc' || mode === 'fargate';
  return {
    portNames: containerPorts.map((_, index) =>
      isFirst ? (claimed(index) ?? said[index]) : (said[index] ?? claimed(index)),
    ),
    addressName: hasInterface ? claims.find(({ types }) => types.includes('A'))?.name : undefined,
    startedBy: cloudMap?.deploymentOf(serviceIndex),
  };
}

function claimsOf(specs: readonly RegistrySpec[], cloudMap: CloudMap) {
  return specs.flatMap((spec) => {
    const discovery = cloudMap.discoveryOf(spec);
    return discovery === undefined || discovery.isElsewhere ? [] : [{ ...discovery, port: spec.port }];
  });
}

/** Whether what names a task is there to be read: by its metadata, or by registries that are its service's now. */
export function isNameTold(task: SimTask, { cloudMap, history, now }: World): boolean {
  if (cloudMap === undefined) return true;
  // Where registries alone are to name, metadata say nothing.
  if (task.service.registries === undefined) return cloudMap.setup.order.includes('metadata');
  const { denied } = cloudMap.setup;
  if (denied !== undefined && denied.until > now) return false;
  const specs = [...cloudMap.registriesOf(task.serviceIndex), ...(task.service.registries ?? [])];
  if (specs.some(({ discovery }) => cloudMap.deletedAt.has(discovery))) return false;
  const isOfLast = cloudMap.deploymentOf(task.serviceIndex) === task.startedBy;
  return isOfLast && history.setup.registries !== undefined;
}
