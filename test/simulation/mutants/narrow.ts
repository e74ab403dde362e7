import type { ConfirmationReads } from '../../../src/model/confirmation.ts';
import { normalizeName } from '../../../src/model/dns-name.ts';
import type { Host, Inventory } from '../../../src/model/inventory.ts';
import { groupBy } from '../../../src/model/multimap.ts';
import { isUnheard, type ProbeOutcome, type ProbeTarget, probeKey } from '../../../src/model/probe.ts';
import { NO_PROTECTIONS } from '../../../src/model/protection.ts';
import type { RecordSet } from '../../../src/model/record-set.ts';
import type { ZoneState } from '../../../src/model/zone-states.ts';
import type { Ports } from '../../../src/run/ports.ts';
import { DEFAULT_VPC } from '../../../src/sandbox/world/vpc.ts';
import { answering, isAskedOnce, mishearing, unasked } from './asking.ts';
import { looking } from './credulous.ts';
import { type Mutant, mutant } from './mutant.ts';

/** A zone with fewer hosts is told by what services answer elsewhere. */
const MIN_HOSTS = 3;

/** Workers that take what they see for all there is: one account, one VPC, one worker, and a way to everything. */
export const narrowMutants: readonly Mutant[] = [
  mutant('still-answers-ignored', { prober: unasked.prober }),
  mutant('silence-taken-for-refusal', {
    prober: answering(({ kind }, isCandidate) => isCandidate && kind === 'unhealthy'),
  }),
  mutant('zone-cut-off-ignored', {
    worlds: ['zone-cut-off'],
    prober: mishearing((heard, targets) => withBadAnswers(heard, endpointsOf(targets))),
  }),
  mutant('zones-of-few-hosts-taken-for-broken', {
    worlds: ['zone-cut-off'],
    prober: mishearing((heard, targets) => {
      const failing = [...heard].filter(([, { kind }]) => kind === 'unhealthy');
      const byZone = groupBy(failing, ([key]) => prefixIn(key));
      const isOfFew = (key: string) =>
        new Set(byZone.get(prefixIn(key)).map(([one]) => addressIn(one))).size < MIN_HOSTS;
      return withBadAnswers(heard, endpointsOf(targets).filter(isOfFew));
    }),
  }),
  mutant('silence-behind-firewalls-disbelieved', {
    worlds: ['firewalls'],
    prober: (prober, { session, memory }) => {
      const heard = addressesHeard(memory, session.number);
      return mishearing((outcomes, targets) => {
        for (const [key, outcome] of outcomes)
          if (outcome.kind !== 'indeterminate' && !isUnheard(outcome)) heard.add(addressIn(key));
        const candidates = new Set(targets.filter(isAskedOnce).map(probeKey));
        const isDisbelieved = (key: string, outcome: ProbeOutcome) =>
          candidates.has(key) && isUnheard(outcome) && heard.has(addressIn(key));
        return new Map(
          [...outcomes].map(([key, one]) => [key, isDisbelieved(key, one) ? asNoConclusion(one) : one]),
        );
      })(prober);
    },
  }),
  mutant('coverage-ignored', {
    ec2: (api) => ({
      ...api,
      describeVpcs: async (...asked) => {
        const { items, nextToken } = await api.describeVpcs(...asked);
        const wide = { CidrBlock: '10.0.0.0/8', CidrBlockAssociationSet: [{ CidrBlock: '10.0.0.0/8' }] };
        return { items: items.map((vpc) => ({ ...vpc, ...wide })), nextToken };
      },
      interfacesBy: async () => ({ items: [], nextToken: undefined }),
      interfaceNames: async () => ({ items: [], nextToken: undefined }),
    }),
    ports: (ports) => ({
      ...ports,
      zone: {
        ...ports.zone,
        vpcs: async (...asked) => (await ports.zone.vpcs(...asked)).filter(({ id }) => id === DEFAULT_VPC),
      },
    }),
  }),
  mutant('unknown-names-taken-for-none', { ports: taking(withKnownNames) }),
  mutant('earlier-registries-taken-for-the-last', {
    worlds: ['registries'],
    ports: taking(asOfTheLastDeployment),
  }),
  mutant('other-names-of-hosts-ignored', {
    ports: (ports, { session }) => taking((inventory) => calledByEc2(inventory, session.world.hosts))(ports),
  }),
  mutant('second-addresses-ignored', {
    worlds: ['second-addresses'],
    ports: taking((inventory) => ({
      ...inventory,
      hosts: inventory.hosts.map((host) => ({ ...host, secondaryAddresses: [] })),
    })),
  }),
  mutant('passed-addresses-ignored', {
    ...unasked,
    worlds: ['passed-address'],
    ec2: (api, { session }) => ({
      ...api,
      interfacesBy: async () => ({ items: [], nextToken: undefined }),
      interfaceNames: async (...asked) => {
        const { items, nextToken } = await api.interfaceNames(...asked);
        const others = session.world.hosts.filter(({ spec }) => spec.cluster === 'participant');
        const isOthers = (name: string) => others.some(({ ec2Name }) => ec2Name === name);
        return { items: items.filter((name) => !isOthers(name)), nextToken };
      },
    }),
  }),
  mutant('unread-networks-taken-for-none', {
    ...unasked,
    worlds: ['zone-unread', 'passed-address'],
    ports: (ports) => ({
      ...ports,
      zone: { ...ports.zone, vpcs: async (...asked) => ports.zone.vpcs(...asked).catch(() => []) },
    }),
  }),
  mutant('onward-names-not-followed', {
    worlds: ['onward-targets'],
    ports: (ports) => ({
      ...ports,
      zone: {
        ...ports.zone,
        read: async (...asked) => (await ports.zone.read(...asked)).filter((set) => !leadsOn(set)),
      },
    }),
  }),
  mutant('no-survivor-in-the-batch', { worlds: ['two-places'], ports: withoutSurvivors }),
  mutant('no-reading-anew-before-health', {
    worlds: ['two-places'],
    // What the batch asserts would find it out.
    ports: (ports) => withoutSurvivors(withZoneAsRead(ports)),
  }),
  mutant('old-plan-sent', {
    options: (options) => ({ ...options, limits: { ...options.limits, maxPlanAgeMs: 1e12 } }),
    ports: loading((state) => ({ ...state, lastRun: undefined })),
  }),
  mutant('budget-of-last-hour-forgotten', { ports: loading((state) => ({ ...state, removals: [] })) }),
  mutant('at-least-taken-for-more', {
    options: ({ limits, ...options }) => ({
      ...options,
      limits: {
        ...limits,
        removalBudgetPercent: Math.min(100, limits.removalBudgetPercent + 0.01),
        unhealthyBudgetPercent: Math.min(100, limits.unhealthyBudgetPercent + 0.01),
      },
    }),
  }),
  mutant('count-believed', {
    ...unasked,
    worlds: ['turnover'],
    ports: (ports) => looking(ports, async (...asked) => asCounted(await ports.inventory.confirm(...asked))),
  }),
  mutant('shrunk-inventory-believed', {
    ...unasked,
    worlds: ['forgotten-tasks'],
    ports: loading((state) => ({ ...state, running: undefined })),
  }),
  mutant('protections-ignored', {
    ports: (ports) => ({ ...ports, zone: { ...ports.zone, readProtections: async () => NO_PROTECTIONS } }),
  }),
];

/** Whether a set leads on from a name, or from any that has no set of its own. */
function leadsOn({ Name, Type, AliasTarget }: RecordSet): boolean {
  return Type === 'CNAME' || AliasTarget !== undefined || normalizeName(Name).startsWith('*.');
}

/** The addresses that a run has heard. */
function addressesHeard(memory: Map<string, unknown>, run: number): Set<string> {
  const key = `heard ${run}`;
  const heard = (memory.get(key) as Set<string> | undefined) ?? new Set<string>();
  memory.set(key, heard);
  return heard;
}

function addressIn(probed: string): string {
  return probed.slice(0, probed.lastIndexOf(' '));
}

/** The network of an address, which is that of its availability zone. */
function prefixIn(probed: string): string {
  return probed.slice(0, probed.lastIndexOf('.'));
}

function asNoConclusion({ attempts, durationMs }: ProbeOutcome): ProbeOutcome {
  return { kind: 'indeterminate', reason: 'checker-error', attempts, durationMs };
}

/** Where endpoints are asked; stale entries that are asked before they go are none. */
function endpointsOf(targets: readonly ProbeTarget[]): readonly string[] {
  return targets.filter((target) => !isAskedOnce(target)).map(probeKey);
}

function withBadAnswers(
  heard: ReadonlyMap<string, ProbeOutcome>,
  keys: readonly string[],
): ReadonlyMap<string, ProbeOutcome> {
  const meant = new Set(keys);
  return new Map([...heard].map(([key, one]) => [key, meant.has(key) ? asBadAnswer(one) : one]));
}

function asBadAnswer(outcome: ProbeOutcome): ProbeOutcome {
  const isSilence = outcome.kind === 'unhealthy' && outcome.reason === 'timeout';
  return isSilence ? { ...outcome, reason: 'http-status', status: 500 } : outcome;
}

function taking(change: (inventory: Inventory) => Inventory): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    inventory: {
      ...ports.inventory,
      take: async (...asked) => change(await ports.inventory.take(...asked)),
    },
  });
}

function withKnownNames(inventory: Inventory): Inventory {
  const containers = new Map(
    inventory.containers.map((one) => [
      one,
      { ...one, serviceNames: one.serviceNames === 'unknown' ? [] : one.serviceNames },
    ]),
  );
  return {
    ...inventory,
    containers: [...containers.values()],
    endpoints: inventory.endpoints.map((one) => ({
      ...one,
      serviceName: one.serviceName ?? 'of-no-name',
      container: containers.get(one.container) ?? one.container,
    })),
  };
}

/** As if every task had the registries of its service's last deployment. */
function asOfTheLastDeployment(inventory: Inventory): Inventory {
  const containers = new Map(
    inventory.containers.map((one) => {
      const isOpen = one.serviceNames === 'unknown' && one.hiddenAddressName === undefined;
      return [one, isOpen ? { ...one, serviceNames: [] } : one];
    }),
  );
  return {
    ...inventory,
    containers: [...containers.values()],
    endpoints: inventory.endpoints.map((one) => {
      const isOpen = one.nameIssue === 'registries' && one.serviceName !== undefined;
      const container = containers.get(one.container) ?? one.container;
      return { ...one, ...(isOpen ? { nameIssue: undefined } : {}), container };
    }),
  };
}

/** As if a host had one name, and that were EC2's. */
function calledByEc2(
  inventory: Inventory,
  hosts: readonly { name: string; ec2Name: string; instanceId: string }[],
): Inventory {
  const names = new Map(hosts.map(({ instanceId, ec2Name }) => [instanceId, ec2Name]));
  const renamed = new Map<Host | undefined, Host>(
    inventory.hosts.map((host) => [
      host,
      { ...host, privateDnsName: names.get(host.instanceId), address: undefined, secondaryAddresses: [] },
    ]),
  );
  const containers = new Map(
    inventory.containers.map((one) => [one, { ...one, host: renamed.get(one.host) ?? one.host }]),
  );
  return {
    ...inventory,
    hosts: [...renamed.values()],
    containers: [...containers.values()],
    endpoints: inventory.endpoints.map((one) => {
      const own = names.get(one.container.host?.instanceId ?? '');
      const isOfHost = one.container.networkInterface === undefined && own !== undefined;
      return {
        ...one,
        hostNames: isOfHost ? [own] : one.hostNames,
        container: containers.get(one.container) ?? one.container,
      };
    }),
  };
}

function withoutSurvivors(ports: Ports): Ports {
  return {
    ...ports,
    zone: {
      ...ports.zone,
      apply: (zone, groups, bounds) =>
        ports.zone.apply(
          zone,
          groups.map(({ survivors, ...group }) => group),
          bounds,
        ),
    },
  };
}

/** Whatever is read once more is as it was read first. */
function withZoneAsRead(ports: Ports): Ports {
  let first: readonly RecordSet[] = [];
  return {
    ...ports,
    zone: {
      ...ports.zone,
      read: async (...asked) => {
        first = await ports.zone.read(...asked);
        return first;
      },
      readNames: async (_, names) => first.filter(({ Name }) => names.includes(Name)),
    },
  };
}

function loading(change: (state: ZoneState) => ZoneState): (ports: Ports) => Ports {
  return (ports) => ({
    ...ports,
    state: {
      ...ports.state,
      load: async (signal) => {
        const { hosts, zones } = await ports.state.load(signal);
        return { hosts, zones: new Map([...zones].map(([id, zone]) => [id, change(zone)])) };
      },
    },
  });
}

/** A count alone, as if whatever it counts were known. */
function asCounted(look: ConfirmationReads): ConfirmationReads {
  const machines = new Map([...look.machines].map(([key, one]) => [key, { ...one, listed: one.tasks ?? 0 }]));
  return { ...look, containers: [], endpoints: [], machines };
}
