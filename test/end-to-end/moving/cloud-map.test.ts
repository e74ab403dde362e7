import { ECSClient, UpdateServiceCommand, type UpdateServiceCommandInput } from '@aws-sdk/client-ecs';
import { expect, onTestFinished, test } from 'vitest';
import { type RecordSet, valuesOf } from '../../../src/model/record-set.ts';
import { CLOUD_MAP_NAMESPACE } from '../../../src/sandbox/fleet/predecessors.ts';
import { endpointsOf } from '../../../src/sandbox/fleet/world-endpoints.ts';
import type { ServiceRegistry } from '../../../src/sandbox/world/ecs-shapes.ts';
import { answers, openPredecessor } from './predecessor.ts';
import { opening, walk } from './walk.ts';

/** By the names of their ECS services: those in Cloud Map, and how its sets are. */
const NAMES: Readonly<Record<string, string>> = {
  shop: 'shop',
  search: 'search',
  prices: '_prices._tcp',
  orders: '_orders._tcp',
};
const FORMS = [
  '_orders._tcp SRV weighted 30',
  '_prices._tcp SRV multivalue 10',
  'search A weighted 60',
  'shop A multivalue 15',
];

type Opened = Awaited<ReturnType<typeof openPredecessor>>;

/** Cloud Map's own zone, and how each of its names is answered: neither instances nor addresses count. */
function cloudMapZone({ world }: Opened) {
  const zone = [...world.hostedZones.values()].find(({ linkedService }) => linkedService !== undefined);
  if (zone === undefined) throw new TypeError('there is no zone of Cloud Map');
  return { list: () => zone.list(), forms: () => formsIn(zone.list(), CLOUD_MAP_NAMESPACE) };
}

/** Type, routing and TTL of each name of a service. */
function formsIn(sets: readonly RecordSet[], zoneName: string): readonly string[] {
  const forms = sets.flatMap(({ Name, Type, MultiValueAnswer, TTL }) => {
    const name = Name.replace(`.${zoneName}.`, '');
    if (!Object.values(NAMES).includes(name)) return [];
    return `${name} ${Type} ${MultiValueAnswer === true ? 'multivalue' : 'weighted'} ${TTL}`;
  });
  return [...new Set(forms)].toSorted();
}

test('every command of the page on Cloud Map, and back', async () => {
  const opened = await openPredecessor('cloud-map');
  const { zone, world, running, begin, goOn } = opened;
  const [before, cloudMap] = [zone.list(), cloudMapZone(opened)];
  const ofCloudMap = cloudMap.list();
  const isOwn = ({ Name }: RecordSet) =>
    Object.values(NAMES).includes(Name.replace(`.${zone.name}`, '')) || Name.startsWith('ip-');
  const own = () => zone.list().filter(isOwn);
  const ecs = new ECSClient({
    endpoint: opened.url,
    region: world.region,
    credentials: { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' },
  });
  onTestFinished(() => ecs.destroy());
  /** Where each task that runs is reached, under the name of its service. */
  const runs = () =>
    running()
      .flatMap((task) => {
        const [at] = endpointsOf(world, [task]);
        const name = NAMES[task.group.replace('service:', '')] ?? '?';
        const host = `ip-${at?.address.replaceAll('.', '-')}.ec2.internal`;
        return name.startsWith('_') ? `${name} 1 1 ${at?.port} ${host}` : `${name} ${at?.address}`;
      })
      .toSorted();
  /** The same as the zone has it. */
  const registered = () =>
    own()
      .filter(({ Name }) => !Name.startsWith('ip-'))
      .flatMap((set) =>
        valuesOf(set).map((value) => `${set.Name.replace(`.${zone.name}`, '')} ${value.replace(/\.$/, '')}`),
      )
      .toSorted();
  const registries = new Map<string, ServiceRegistry[]>();
  for (const cluster of world.clusters.values())
    for (const { serviceName, serviceRegistries = [] } of cluster.services.values())
      registries.set(serviceName, serviceRegistries);
  const update = async (service: string, input: Partial<UpdateServiceCommandInput>) => {
    const cluster = service === 'orders' ? 'payments' : 'storefront';
    await ecs.send(new UpdateServiceCommand({ cluster, service, ...input }));
    await begin();
    await expect.poll(registered).toEqual(expect.arrayContaining([...runs()]));
    await goOn();
    await expect.poll(registered).toEqual(runs());
  };
  /** The name comes from the definition from now on. */
  const name = (service: string) => update(service, { taskDefinition: `${service}:2` });
  const takeOff = (service: string) => update(service, { serviceRegistries: [] });
  const putBack = (service: string) => update(service, { serviceRegistries: registries.get(service) ?? [] });

  await walk(
    [
      ...opening('--policy sync --names metadata,registries --events "$QUEUE_URL"'),
      ['export ECS_DNS_NAMES=metadata,registries', () => {}],
      [
        'ecs-dns compare',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).toMatch('would register 13 entries and remove none');
          expect(zone.list()).toEqual(before);
        },
      ],
      [
        'ecs-dns plan --policy sync',
        ({ code }) => {
          expect(code).toBe(0);
          expect(zone.list()).toEqual(before);
        },
      ],
      [
        'ecs-dns apply --policy sync --yes',
        ({ code }) => {
          expect(code).toBe(0);
          expect(registered()).toEqual(runs());
          expect(formsIn(zone.list(), 'servicediscovery.internal')).toEqual(FORMS);
          expect(cloudMap.forms()).toEqual(FORMS);
          expect(cloudMap.list()).toEqual(ofCloudMap);
        },
      ],
      [
        'ecs-dns watch --policy sync --events "$QUEUE_URL"',
        async ({ prints }) => {
          await prints(/INFO {2}[0-9a-f]{8} run /);
        },
      ],
      [
        'aws ecs update-service --cluster storefront --service shop --force-new-deployment',
        async ({ prints }) => {
          const written = prints(/registered shop A/);
          await update('shop', { forceNewDeployment: true });
          await written;
          expect(cloudMap.forms()).toEqual(FORMS);
        },
      ],
      [
        "aws ecs describe-services --cluster storefront --services shop --query 'services[].serviceRegistries'",
        () => expect(registries.get('shop')).toHaveLength(1),
      ],
      [
        "aws ecs describe-services --cluster payments --services orders --query 'services[].serviceRegistries'",
        () => expect(registries.get('orders')).toHaveLength(1),
      ],
      [
        'aws ecs update-service --cluster storefront --service shop --task-definition shop:2',
        async () => {
          await name('shop');
          expect(cloudMap.forms()).toEqual(FORMS);
        },
      ],
      [
        'aws ecs update-service --cluster payments --service orders --task-definition orders:2',
        async () => {
          // The page shows two of them; the others go the same way.
          for (const service of ['orders', 'search', 'prices']) await name(service);
          expect(cloudMap.forms()).toEqual(FORMS);
        },
      ],
      [
        "aws ecs update-service --cluster storefront --service shop --service-registries '[]'",
        async ({ prints }) => {
          const written = prints(/registered shop A/);
          await takeOff('shop');
          await written;
          expect(cloudMap.forms()).toEqual(FORMS.filter((form) => !form.startsWith('shop')));
        },
      ],
      [
        "aws ecs update-service --cluster payments --service orders --service-registries '[]'",
        async () => {
          for (const service of ['orders', 'search', 'prices']) await takeOff(service);
          expect(formsIn(zone.list(), 'servicediscovery.internal')).toEqual(FORMS);
          expect(answers(cloudMap.list())).toEqual(
            answers(ofCloudMap.filter(({ Type }) => /NS|SOA/.test(Type))),
          );
        },
      ],
      [
        'ecs-dns plan --policy sync --detailed-exitcode',
        ({ code, stdout }) => {
          expect(code).toBe(0);
          expect(stdout).not.toContain('Held back');
        },
      ],
      ['export ECS_DNS_NAMES=metadata', () => {}],
      ['ecs-dns plan --policy sync --detailed-exitcode', ({ code }) => expect(code).toBe(0)],
      [
        'ecs-dns watch --policy sync --events "$QUEUE_URL"',
        async ({ prints }) => {
          await prints(/INFO {2}[0-9a-f]{8} run /);
        },
      ],
      [
        'aws ecs update-service --cluster storefront --service shop --service-registries registryArn=arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcdef',
        () => putBack('shop'),
      ],
      [
        'aws ecs update-service --cluster payments --service orders --service-registries registryArn=arn:aws:servicediscovery:us-east-1:123456789012:service/srv-0123456789abcde0,containerName=app,containerPort=8080',
        async () => {
          for (const service of ['orders', 'search', 'prices']) await putBack(service);
          expect(cloudMap.forms()).toEqual(FORMS);
        },
      ],
      [
        'ecs-dns plan --policy sync --detailed-exitcode',
        ({ code }) => {
          expect(code).toBe(0);
          expect(formsIn(zone.list(), 'servicediscovery.internal')).toEqual(FORMS);
        },
      ],
    ],
    {
      page: 'docs/moving/cloud-map.md',
      url: opened.url,
      variables: { QUEUE_URL: opened.queueUrl },
    },
  );
  expect(zone.list().filter((set) => !isOwn(set))).toEqual(before);
});
