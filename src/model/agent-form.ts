import { firstLabel, normalizeName } from './dns-name.ts';
import { OWN_PREFIX } from './managed-identifier.ts';
import { isEc2Name } from './private-dns-name.ts';
import { type RecordSet, valuesOf } from './record-set.ts';
import { isBareContainerId, isHostName, parseSetIdentifier } from './set-identifier.ts';

/** How one of the tools that this worker replaces writes its record sets. */
interface AgentForm {
  readonly writer: string;
  /** The form in words. */
  readonly form: string;
  /** What becomes of such a set. */
  readonly outcome: string;
  readonly isOf: (set: RecordSet) => boolean;
}

/** Every form that such a tool writes, by a stable code; the first that a set fits is its form. */
export const AGENT_FORMS = {
  'host-agent-1.0': {
    writer: 'host agent 1.0–1.3',
    form: 'weighted SRV, identifier = the Docker id alone, 64 digits',
    outcome: 'managed; with `correct`, `sync` moves it to `HOST:DOCKER_ID`',
    isOf: (set) => isWeighted(set, 'SRV') && isBareContainerId(set.SetIdentifier ?? ''),
  },
  'host-agent-1.4': {
    writer: 'host agent 1.4–1.6',
    form: 'weighted SRV, identifier `HOST:DOCKER_ID`; weighted A of a host, identifier = its name',
    outcome: "managed; it is this worker's own form",
    isOf: (set) => isContainerSet(set) || isHostSet(set),
  },
  'label-agent': {
    writer: 'label agent',
    form: "weighted A of one value, identifier = the record's own name with its dot, TTL 0",
    outcome: 'managed; with `correct`, `sync` moves it to the identifier of its task',
    isOf: isLabelAgentSet,
  },
  'cname-lambda': {
    writer: 'CNAME Lambda',
    form: 'plain CNAME to a load balancer, TTL 60',
    outcome: 'left as it is; with `cname` and `correct`, `sync` makes it its own',
    isOf: isCnameLambdaSet,
  },
  'app-mesh': {
    writer: 'App Mesh',
    form: 'plain A of 10.10.10.10 or 1.2.3.4, for the name of a virtual service',
    outcome: 'left as it is; while it is there, nothing else gets an address under the name',
    isOf: isAppMeshPlaceholder,
  },
  'multi-value-fork': {
    writer: 'forks of the agents',
    form: 'weighted or multivalue A or SRV of several values; weighted CNAME to a host',
    outcome: 'left as it is; under `manage: zone` its SRV values are managed',
    isOf: isForkSet,
  },
} as const satisfies Readonly<Record<string, AgentForm>>;
export type AgentFormName = keyof typeof AGENT_FORMS;

export const AGENT_FORM_NAMES = Object.keys(AGENT_FORMS) as readonly AgentFormName[];

/** The form of a set that looks like one of such a tool; `undefined` for every other one, and for this worker's own. */
export function agentFormOf(set: RecordSet): AgentFormName | undefined {
  if (set.AliasTarget !== undefined || set.TrafficPolicyInstanceId !== undefined) return undefined;
  if (set.SetIdentifier?.startsWith(OWN_PREFIX) === true) return undefined;
  return AGENT_FORM_NAMES.find((name) => AGENT_FORMS[name].isOf(set));
}

/**
 * Whether a set is one of the label agent's. Nothing in it names its task: it holds the address of whichever task of the
 * name was the last to start.
 */
export function isLabelAgentSet(set: RecordSet): boolean {
  const { Name, SetIdentifier = '', TTL } = set;
  const isNamed = SetIdentifier.endsWith('.') && normalizeName(SetIdentifier) === normalizeName(Name);
  return isWeighted(set, 'A') && TTL === 0 && isNamed && valuesOf(set).length === 1;
}

function isWeighted({ Type, Weight }: RecordSet, type: string): boolean {
  return Type === type && Weight !== undefined;
}

function isContainerSet(set: RecordSet): boolean {
  return isWeighted(set, 'SRV') && parseSetIdentifier(set.SetIdentifier)?.host !== undefined;
}

function isHostSet(set: RecordSet): boolean {
  const hostName = normalizeName(set.SetIdentifier ?? '');
  const isNamed = firstLabel(normalizeName(set.Name)) === firstLabel(hostName);
  return isWeighted(set, 'A') && !isLabelAgentSet(set) && isHostName(hostName) && isNamed;
}

const CNAME_TTL_SECONDS = 60;
const BALANCER = /\.elb\.amazonaws\.com(?:\.cn)?$/;

function isCnameLambdaSet({ Type, SetIdentifier, TTL, ...set }: RecordSet): boolean {
  const isPlain = Type === 'CNAME' && SetIdentifier === undefined && TTL === CNAME_TTL_SECONDS;
  return isPlain && (set.ResourceRecords ?? []).some(({ Value }) => BALANCER.test(normalizeName(Value)));
}

/**
 * The name of a virtual service has to resolve, to any address but a loopback one: the proxy takes the request before it is
 * sent there. These are the addresses of AWS's examples. Source: App Mesh User Guide, "Virtual services".
 */
const PLACEHOLDERS: readonly string[] = ['10.10.10.10', '1.2.3.4'];

function isAppMeshPlaceholder(set: RecordSet): boolean {
  const isPlain = set.Type === 'A' && set.SetIdentifier === undefined;
  return isPlain && PLACEHOLDERS.includes(valuesOf(set).join(' '));
}

function isForkSet(set: RecordSet): boolean {
  const { Type, Weight, MultiValueAnswer, SetIdentifier } = set;
  if (SetIdentifier === undefined || (Weight === undefined && MultiValueAnswer !== true)) return false;
  const values = valuesOf(set);
  if (Type === 'CNAME') return values.some((value) => isEc2Name(normalizeName(value)));
  return (Type === 'A' || Type === 'SRV') && values.length > 1;
}
