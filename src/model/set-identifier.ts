import { normalizeName } from './dns-name.ts';

/**
 * Whose entry a weighted set is, by the host agents' convention `HOST:DOCKER_ID`; with `/PORT` behind it where
 * this worker had to tell two ports of one container and name apart. The host is
 * normalised; the container id is the full Docker id, its 12-digit short form, or the
 * `<task id>-<n>` form that ECS gives containers it runs without Docker.
 */
export interface SetOwner {
  readonly host: string;
  readonly containerId: string;
}

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*$/;
const DOCKER_ID = /^[0-9a-f]{12,64}$/;
const PORT_SUFFIX = /\/\d{1,5}$/;
const TASK_CONTAINER_ID = /^[0-9a-f]{32}-[0-9]{1,10}$/;

/** Reads `HOST:DOCKER_ID` and `HOST:DOCKER_ID/PORT`; `undefined` for every other form, which no host agent writes. */
export function parseSetIdentifier(setIdentifier: string | undefined): SetOwner | undefined {
  if (setIdentifier === undefined) return undefined;
  const colon = setIdentifier.indexOf(':');
  if (colon < 0) return undefined;
  const host = normalizeName(setIdentifier.slice(0, colon));
  const containerId = setIdentifier.slice(colon + 1).replace(PORT_SUFFIX, '');
  const isContainer = DOCKER_ID.test(containerId) || isTaskContainerId(containerId);
  return HOST.test(host) && isContainer ? { host, containerId } : undefined;
}

/** Whether a container runs without Docker, so that its host is its task's network interface alone. */
export function isTaskContainerId(containerId: string): boolean {
  return TASK_CONTAINER_ID.test(containerId);
}

/** Whether a string can be a host name, as the set identifier of a host's A record is one. */
export function isHostName(name: string): boolean {
  return HOST.test(name);
}
