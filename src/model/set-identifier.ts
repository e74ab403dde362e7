import { normalizeName } from './dns-name.ts';
import type { Routing } from './inventory.ts';
import { OWN_PREFIX } from './managed-identifier.ts';

/**
 * Which container an SRV set is of, by its set identifier.
 *
 * | set identifier                | who writes it                                                            |
 * |-------------------------------|--------------------------------------------------------------------------|
 * | `HOST:DOCKER_ID`              | host agents since 1.4, and this worker                                   |
 * | `DOCKER_ID`, all 64 digits    | host agents before 1.4                                                   |
 * | `ecs-dns:HOST:DOCKER_ID/PORT` | this worker, for a second port of one container under one name           |
 * | `HOST:DOCKER_ID/PORT`         | this worker did: an agent takes what begins with its host for its own    |
 *
 * The container id is the full Docker id, its 12-digit short form, or the `<task id>-<n>` form that ECS gives
 * containers it runs without Docker.
 */
export interface SetOwner {
  /** Normalised; `undefined` where the identifier names none. */
  readonly host: string | undefined;
  readonly containerId: string;
}

/** Source: Route 53 API Reference, "ResourceRecordSet". */
export const MAX_IDENTIFIER_LENGTH = 128;

const HOST = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*$/;
const DOCKER_ID = /^[0-9a-f]{12,64}$/;
const BARE_ID = /^[0-9a-f]{64}$/;
/** What Docker shows of a container's id. */
export const SHORT_ID_LENGTH = 12;
const PORT_SUFFIX = /\/\d{1,5}$/;
const TASK_CONTAINER_ID = /^[0-9a-f]{32}-[0-9]{1,10}$/;

/** Reads the identifier of a container's set; `undefined` for every other form. */
export function parseSetIdentifier(setIdentifier: string | undefined): SetOwner | undefined {
  if (setIdentifier === undefined) return undefined;
  if (isBareContainerId(setIdentifier)) return { host: undefined, containerId: setIdentifier };
  const isOwnPort = setIdentifier.startsWith(OWN_PREFIX) && PORT_SUFFIX.test(setIdentifier);
  const form = isOwnPort ? setIdentifier.slice(OWN_PREFIX.length) : setIdentifier;
  const colon = form.indexOf(':');
  if (colon < 0) return undefined;
  const host = normalizeName(form.slice(0, colon));
  const containerId = form.slice(colon + 1).replace(PORT_SUFFIX, '');
  const isContainer = DOCKER_ID.test(containerId) || isTaskContainerId(containerId);
  return HOST.test(host) && isContainer ? { host, containerId } : undefined;
}

/** Whether an identifier is that of a container alone, as host agents before 1.4 wrote it. */
export function isBareContainerId(setIdentifier: string): boolean {
  return BARE_ID.test(setIdentifier);
}

/**
 * The identifiers that the set of a container's port may have, the preferred one first: as an agent writes it, or
 * with the port where another port of the container has that one. Where the whole id leaves no room for the port its
 * short form stands for it; none at all where a host's name is longer than even that bears.
 */
export function containerIdentifiers(host: string, containerId: string, port: number): readonly string[] {
  const withPort = (id: string) => `${OWN_PREFIX}${host}:${id}/${port}`;
  const long = withPort(containerId);
  // The first digits of a container without Docker are those of its task, which may have several.
  const isShortened = isTooLong(long) && !isTaskContainerId(containerId);
  const own = isShortened ? withPort(containerId.slice(0, SHORT_ID_LENGTH)) : long;
  return [`${host}:${containerId}`, own].filter((identifier) => !isTooLong(identifier));
}

/**
 * The identifiers that an SRV set of a container's port may have. One that is multivalue bears this worker's own form
 * alone, by which it is told from those of other tools: agents write weighted ones.
 */
export function srvIdentifiers(
  host: string,
  containerId: string,
  port: number,
  routing: Routing,
): readonly string[] {
  const identifiers = containerIdentifiers(host, containerId, port);
  return routing === 'weighted' ? identifiers : identifiers.filter((one) => one.startsWith(OWN_PREFIX));
}

function isTooLong(identifier: string): boolean {
  return identifier.length > MAX_IDENTIFIER_LENGTH;
}

/** Whether an identifier is that of a second port, as this worker writes it. */
export function isPortIdentifier(setIdentifier: string): boolean {
  return setIdentifier.startsWith(OWN_PREFIX) && parseSetIdentifier(setIdentifier)?.host !== undefined;
}

/** Whether an identifier is that of a second port as this worker wrote it once. */
export function isOldPortIdentifier(setIdentifier: string): boolean {
  const isOld = PORT_SUFFIX.test(setIdentifier) && !setIdentifier.startsWith(OWN_PREFIX);
  return isOld && parseSetIdentifier(setIdentifier) !== undefined;
}

/**
 * What the identifier of a second port is to be today; `undefined` for every other one. The old form begins with the
 * name of a host, and the agent of that host removes at its start what begins so and is not its own.
 */
export function movedIdentifier(setIdentifier: string | undefined): string | undefined {
  const owner = parseSetIdentifier(setIdentifier);
  if (setIdentifier === undefined || owner === undefined || !isOldPortIdentifier(setIdentifier))
    return undefined;
  const host = setIdentifier.slice(0, setIdentifier.indexOf(':'));
  const port = Number(setIdentifier.slice(setIdentifier.lastIndexOf('/') + 1));
  return containerIdentifiers(host, owner.containerId, port).find((one) => one.startsWith(OWN_PREFIX));
}

/** One key for the full Docker id of a container and for its short form. */
export function containerKey(containerId: string): string {
  return isTaskContainerId(containerId) ? containerId : containerId.slice(0, SHORT_ID_LENGTH);
}

/** Whether a container runs without Docker, so that its host is its task's network interface alone. */
export function isTaskContainerId(containerId: string): boolean {
  return TASK_CONTAINER_ID.test(containerId);
}

/** Whether a string can be a host name, as the set identifier of a host's A record is one. */
export function isHostName(name: string): boolean {
  return HOST.test(name);
}
