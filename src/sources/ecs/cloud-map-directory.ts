import type { NamespaceSummary, ServiceSummary } from '@aws-sdk/client-servicediscovery';
import type { AwsClients } from '../../aws/aws-clients.ts';
import { normalizeName } from '../../model/dns-name.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import type { CloudMapApi } from './cloud-map-api.ts';
import { type Reading, readPages } from './read-pages.ts';
import type { RegistryEntry } from './registry-claims.ts';
import { unreadScope } from './unread.ts';

/** What Cloud Map has under the ARNs of registries. */
export interface Directory {
  readonly find: (arn: string) => RegistryEntry;
  /** The name of the namespace whose services have names in the zone, if it is known. */
  readonly namespace: string | undefined;
  readonly incomplete: readonly IncompleteScope[];
}

/** Which namespace counts, by its name or id; the only one that there is of DNS unless it is said. */
export type NamespaceSetting = string | undefined;

/**
 * Reads the services of one namespace of Cloud Map by its pages, and those of the others only where an ARN is not among them: a
 * page has 100 services, and GetService would take a call for each. A listing may leave out what is there, so that only the
 * listing of another namespace tells that a service is of that. What is in none was deleted, as far as this can be known.
 */
export async function readDirectory(
  arns: ReadonlySet<string>,
  namespace: NamespaceSetting,
  { cloudMap, cloudMapLimit, signal }: Pick<Access, 'cloudMap' | 'cloudMapLimit' | 'signal'>,
): Promise<Directory> {
  let loaded: Promise<CloudMapApi> | undefined;
  const load = () => {
    loaded ??= cloudMap();
    return loaded;
  };
  const listServices: ListServices = (id) =>
    readPages(async (token) => {
      const api = await load();
      return cloudMapLimit(() => api.services(id, token, signal));
    }, signal);
  if (arns.size === 0) return NOTHING;
  const namespaces = await readPages(async (token) => {
    const api = await load();
    return cloudMapLimit(() => api.namespaces(token, signal));
  }, signal);
  if (namespaces.error !== undefined) return unread(NAMESPACES, 'ListNamespaces', namespaces.error);
  const found = findNamespace(namespaces.items, namespace);
  if (found instanceof Error) return unread(NAMESPACES, 'ListNamespaces', found);
  const own = await listServices(found.Id);
  const ownArns = arnsOf(own.items);
  const missing = own.error === undefined ? [...arns].filter((arn) => !ownArns.has(arn)) : [];
  const others = namespaces.items.filter((one) => one !== found);
  const { elsewhere, ...rest } = await findElsewhere(missing, others, listServices);
  const error = own.error ?? rest.error;
  const name = found.Name ?? '';
  return {
    namespace: name,
    find: (arn) => {
      const service = ownArns.get(arn);
      if (service !== undefined) return { kind: 'service', service };
      if (elsewhere.has(arn)) return { kind: 'elsewhere' };
      return { kind: error === undefined ? 'gone' : 'unread' };
    },
    incomplete:
      error === undefined
        ? []
        : [unreadScope(`${NAMESPACES}/${name}`, 'servicediscovery:ListServices', error, 'service-names')],
  };
}

type ListServices = (namespaceId: string | undefined) => Promise<Reading<ServiceSummary>>;

/** Which of some services are of other namespaces; these are read until all are found. */
async function findElsewhere(
  wanted: readonly string[],
  others: readonly NamespaceSummary[],
  list: ListServices,
): Promise<{ readonly elsewhere: ReadonlySet<string>; readonly error?: unknown }> {
  const elsewhere = new Set<string>();
  for (const { Id } of others) {
    if (wanted.every((arn) => elsewhere.has(arn))) break;
    const { items, error } = await list(Id);
    const there = arnsOf(items);
    for (const arn of wanted) if (there.has(arn)) elsewhere.add(arn);
    if (error !== undefined) return { elsewhere, error };
  }
  return { elsewhere };
}

const NAMESPACES = 'cloud-map';
const NOTHING: Directory = { find: () => ({ kind: 'unread' }), namespace: undefined, incomplete: [] };

function arnsOf(services: readonly ServiceSummary[]): ReadonlyMap<string, ServiceSummary> {
  return new Map(services.map((service) => [service.Arn ?? '', service]));
}

function unread(scope: string, operation: string, error: unknown): Directory {
  return {
    ...NOTHING,
    incomplete: [unreadScope(scope, `servicediscovery:${operation}`, error, 'service-names')],
  };
}

/** The one that is meant, or why it is not known which one is. */
function findNamespace(
  all: readonly NamespaceSummary[],
  setting: NamespaceSetting,
): NamespaceSummary | Error {
  const ofDns = all.filter(({ Type }) => Type !== 'HTTP');
  const fitting = ofDns.filter(
    ({ Id, Name = '' }) => setting === undefined || setting === Id || setting === normalizeName(Name),
  );
  const [first] = fitting;
  if (first !== undefined && fitting.length === 1) return first;
  const names = ofDns.map(({ Name, Id }) => `${Name} (${Id})`).toSorted();
  const there = names.length === 0 ? 'no namespace of DNS' : names.join(', ');
  if (setting === undefined)
    return new Error(`Cloud Map has ${there}: set \`namespace\` to the one whose names are this zone's`);
  return new Error(`namespace: ${setting} is not one namespace of Cloud Map, which has ${there}: correct it`);
}

/** The real Cloud Map. What it needs of the SDK is loaded only now: few runs need it. */
export async function loadCloudMap(clients: Pick<AwsClients, 'cloudMap'>): Promise<CloudMapApi> {
  const [{ cloudMapApi }, client] = await Promise.all([import('./cloud-map-api.ts'), clients.cloudMap()]);
  return cloudMapApi(client);
}
