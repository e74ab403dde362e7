import type { Container, Endpoint, NameIssue } from '../../model/inventory.ts';
import { Multimap } from '../../model/multimap.ts';
import type { Withheld, WithheldReason } from '../../model/registration.ts';
import { targetKey } from '../../model/srv-value.ts';
import { containerOf, type Matched } from '../match/match-kinds.ts';
import type { DesiredContext } from './desired-context.ts';
import { runs } from './runs.ts';

/** Why a port with such a name gets no record, and what is said of it. */
const ISSUES: Readonly<Record<NameIssue, readonly [WithheldReason, string]>> = {
  secrets: ['name-hidden', 'its name is a secret'],
  environmentFiles: ['name-hidden', 'its name may stand in an environment file'],
  registries: ['registry-unknown', 'its name may be that of a registry which was not read, or was deleted'],
  'several-ports': ['several-ports', 'SERVICE_NAME names none of several ports'],
  'empty-name': ['name-empty', 'what is to name it is empty'],
};

/**
 * What runs, bears a name or may, and gets no record because of that name. A port of which nothing is said is none
 * of them, and neither is one to which an entry leads, whichever tool has written that.
 */
export function unnamedPorts(context: DesiredContext): readonly Withheld[] {
  const { inventory, matched } = context;
  const led = matched.filter(({ entry }) => entry.type === 'SRV');
  const reached = new Set(led.flatMap(({ match }) => ('endpoint' in match ? [match.endpoint] : [])));
  const withheld = inventory.endpoints.flatMap((endpoint) =>
    reached.has(endpoint) ? [] : withheldPort(endpoint, context),
  );
  const namesOf = namesLedTo(led);
  const unbound = inventory.containers
    .filter(runs)
    .flatMap((one) => unboundNames(one, namesOf.get(one), context));
  return [...new Map([...withheld, ...unbound].map((one) => [withheldKey(one), one])).values()];
}

/** The names under which entries lead to a container, whichever of its ports they mean. */
function namesLedTo(led: readonly Matched[]): Multimap<Container, string> {
  const names = new Multimap<Container, string>();
  for (const { match, entry } of led) {
    const container = containerOf(match);
    if (container !== undefined) names.add(container, entry.name);
  }
  return names;
}

/** TCP and UDP may share a port's number. */
function withheldKey({ name, type, value, reason, evidence }: Withheld): string {
  return `${targetKey(name, type, value)} ${reason} ${evidence['task']} ${evidence['container']}`;
}

function withheldPort(endpoint: Endpoint, { zoneName, overridesOf }: DesiredContext): readonly Withheld[] {
  const { container, serviceName, nameIssue, port, containerPort, hostNames, address } = endpoint;
  const isIssue = serviceName === undefined && nameIssue !== undefined;
  if (!isIssue || !runs(container) || overridesOf(endpoint).ignored === true) return [];
  const [reason, detail] = ISSUES[nameIssue];
  const value = `1 1 ${port} ${hostNames[0] ?? address ?? '?'}`;
  const evidence = { ...originOf(container), port: containerPort };
  return [{ name: `?.${zoneName}.`, type: 'SRV', value, reason, detail, evidence }];
}

/** Names of ports that the container does not bind, and under which no entry leads to it. */
function unboundNames(
  container: Container,
  ledBy: readonly string[],
  { zoneName, endpoints }: DesiredContext,
): readonly Withheld[] {
  const { serviceNames, reachedAt } = container;
  const bound = new Set(endpoints.get(container).map(({ serviceName }) => serviceName));
  const isMissing = (name: string) => !bound.has(name) && !ledBy.includes(`${name}.${zoneName}`);
  const unbound = serviceNames === 'unknown' ? [] : serviceNames.filter(isMissing);
  return unbound.map((name) => ({
    name: `${name}.${zoneName}.`,
    type: 'SRV',
    value: `1 1 ? ${reachedAt[0] ?? '?'}`,
    reason: 'port-not-bound',
    detail: undefined,
    evidence: originOf(container),
  }));
}

/** Which container is meant, for the evidence of what is withheld. */
export function originOf({ cluster, taskArn, name }: Container) {
  return { cluster: cluster.name, task: taskArn, container: name };
}
