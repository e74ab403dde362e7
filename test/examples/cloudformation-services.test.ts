import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { decode, encode } from 'dns-packet';
import { describe, expect, onTestFinished, test } from 'vitest';
import { portalRoutes } from '../../examples/portal/portal-routes.ts';
import { CHECK_SETTINGS, readSettings } from '../../src/sources/ecs/metadata-settings.ts';
import { nameMetadata, portNameOf, serviceMetadata } from '../../src/sources/ecs/service-names.ts';
import { containerOf, deployed, namesOf, SERVICES } from './cloudformation-example.ts';

/** As programs and agents take a variable or a label. */
const WORKERS_VARIABLE = /^SERVICE_/;
/** On Fargate. Source: Amazon ECS API Reference, ContainerDefinition, stopTimeout. */
const MOST_STOP_SECONDS = 120;
/** The parts of docs/a-deploy.md: the default, a worker with events, and Route 53. */
const TTL_SECONDS = 0;
const WORKER_SECONDS = 3;
const NAME_SERVERS_SECONDS = 60;
const NXDOMAIN = 3;

/** Asks the portal's page once, of a name server that knows no name; resolves with all names that it was asked for. */
async function namesAskedBy(zone: string): Promise<ReadonlySet<string>> {
  const asked = new Set<string>();
  const server = createSocket('udp4');
  onTestFinished(() => {
    server.close();
  });
  server.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message);
    for (const { type, name } of questions) if (type === 'SRV') asked.add(name);
    server.send(encode({ type: 'response', id: id ?? 0, flags: NXDOMAIN, questions }), port, address);
  });
  server.bind(0, '127.0.0.1');
  await once(server, 'listening');
  const routes = portalRoutes({ ZONE: zone, DNS_SERVER: `127.0.0.1:${server.address().port}` });
  const url = new URL('http://portal/');
  await routes['/']?.({ method: 'GET', url, headers: {}, body: '' });
  return asked;
}

describe('the services of the template', () => {
  test('are registered under the names that the portal asks for', async () => {
    const zone = String(Object(deployed('Zone'))['Name']);
    const registered = SERVICES.flatMap((service) => {
      const { environment, portMappings } = containerOf(service);
      const [{ ContainerPort }] = portMappings;
      const { serviceName } = portNameOf(nameMetadata({ environment }, undefined), ContainerPort, 1);
      return serviceName === undefined ? [] : [`${serviceName}.${zone}`];
    });
    expect(new Set(registered)).toEqual(await namesAskedBy(zone));
    expect(new Map(containerOf('PortalService').variables).get('ZONE')).toBe(zone);
  });

  test.each(['TimeService', 'CalcService', 'CalcOnHostsService'])(
    '%s is checked by the worker where ECS checks it, too',
    (service) => {
      const { environment, healthCommand } = containerOf(service);
      const metadata = serviceMetadata({ environment }, undefined);
      const { of, notices } = readSettings(metadata, service, CHECK_SETTINGS);
      expect(notices).toEqual([]);
      expect(of(8080)).toEqual({ kind: 'http', path: '/health' });
      expect(healthCommand.join(' ')).toContain("'http://127.0.0.1:8080/health'");
    },
  );

  test.each(SERVICES)('%s has variables that its program or the worker reads, and no other', (service) => {
    const { name, variables, secrets } = containerOf(service);
    const sources = [`examples/${name}`, 'examples/common'].flatMap((folder) =>
      readdirSync(folder)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => readFileSync(`${folder}/${file}`, 'utf8')),
    );
    const isRead = (variable: string) => sources.some((source) => source.includes(`'${variable}'`));
    const all = [...variables.map(([variable]) => variable), ...Object.keys(secrets)];
    expect(all.filter((variable) => !WORKERS_VARIABLE.test(variable) && !isRead(variable))).toEqual([]);
    expect(all).not.toEqual([]);
  });

  test('the portal is let in at time by a secret that both are given', () => {
    const { secrets } = containerOf('TimeService');
    expect(secrets).toEqual({ TIME_USER: 'Login:user::', TIME_PASSWORD: 'Login:password::' });
    expect(containerOf('PortalService').secrets).toEqual(secrets);
    const { GenerateSecretString: made } = Object(deployed('Login'));
    const fields = [...Object.keys(JSON.parse(made.SecretStringTemplate)), made.GenerateStringKey];
    expect(fields).toEqual(['user', 'password']);
  });

  test.each(SERVICES)('%s reads that secret at its start only if it needs it', (service) => {
    const { role, secrets } = containerOf(service);
    const { Policies = [] } = Object(deployed(role));
    const granted = Policies.flatMap(({ PolicyDocument }: PolicyHolder) => PolicyDocument.Statement);
    const wanted = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: 'Login' };
    expect(granted).toEqual(Object.keys(secrets).length === 0 ? [] : [wanted]);
  });

  test.each(SERVICES)('%s has an image that a folder here makes, with the port that it serves', (service) => {
    const { name, image, portMappings } = containerOf(service);
    expect(image).toBe(`123456789012.dkr.ecr.us-east-1.amazonaws.com/ecs-dns-examples/${name}:latest`);
    const given = { ImageRegistry: 'registry.example.com/team', ImageTag: '1.2' };
    expect(containerOf(service, given).image).toBe(`registry.example.com/team/${name}:1.2`);
    const dockerfile = readFileSync(`examples/${name}/Dockerfile`, 'utf8');
    expect(dockerfile).toContain(`\nEXPOSE ${portMappings[0]?.ContainerPort}\n`);
  });

  test.each(['TimeService', 'CalcService', 'CalcOnHostsService'])(
    '%s drains until no name server leads to it, and is not killed before it ends by itself',
    (service) => {
      const { variables, stopTimeout } = containerOf(service);
      const drain = Number(new Map(variables).get('DRAIN_SECONDS'));
      expect(drain).toBeGreaterThan(TTL_SECONDS + WORKER_SECONDS + NAME_SERVERS_SECONDS);
      expect(stopTimeout).toBeGreaterThan(drain);
      expect(stopTimeout).toBeLessThanOrEqual(MOST_STOP_SECONDS);
    },
  );

  test.each(SERVICES)(
    '%s writes nothing to its disk, has no capability, and logs to a group that ends',
    (service) => {
      const { definition } = containerOf(service);
      expect(definition).toMatchObject({
        ReadonlyRootFilesystem: true,
        LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
        LogConfiguration: { LogDriver: 'awslogs', Options: { 'awslogs-group': 'Logs' } },
      });
      expect(deployed('Logs')).toMatchObject({ RetentionInDays: '7' });
    },
  );
});

interface PolicyHolder {
  readonly PolicyDocument: { readonly Statement: readonly unknown[] };
}

describe('where they run', () => {
  test('all services are of the cluster, as many tasks as the parameter says', () => {
    expect(namesOf('AWS::ECS::Service').toSorted()).toEqual(SERVICES.toSorted());
    for (const service of SERVICES)
      expect(deployed(service, { TasksPerService: '3' })).toMatchObject({
        Cluster: 'Cluster',
        DesiredCount: '3',
      });
  });

  test.each(['TimeService', 'CalcService', 'PortalService'])('%s runs on Fargate', (service) => {
    expect(deployed(service)).toMatchObject({
      LaunchType: 'FARGATE',
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ['PrivateSubnetA', 'PrivateSubnetB'] } },
    });
    expect(containerOf(service).networkMode).toBe('awsvpc');
  });

  test('one runs in bridge mode on the hosts, at ports that Docker gives', () => {
    expect(deployed('CalcOnHostsService')).toMatchObject({
      CapacityProviderStrategy: [{ CapacityProvider: 'HostCapacity' }],
    });
    const { networkMode, portMappings } = containerOf('CalcOnHostsService');
    expect(networkMode).toBe('bridge');
    expect(portMappings).toEqual([{ ContainerPort: 8080, HostPort: 0 }]);
  });

  test('the load balancer asks the portal where ECS does, and sends browsers there', () => {
    expect(deployed('PortalTargets')).toMatchObject({ Port: 8080, HealthCheckPath: '/health' });
    expect(deployed('PortalService')).toMatchObject({
      LoadBalancers: [{ ContainerName: 'portal', ContainerPort: 8080, TargetGroupArn: 'PortalTargets' }],
    });
    expect(deployed('Listener')).toMatchObject({
      LoadBalancerArn: 'Balancer',
      DefaultActions: [{ TargetGroupArn: 'PortalTargets' }],
    });
  });
});

describe('who is let in', () => {
  /** Bridge mode. Source: Amazon ECS Developer Guide, PortMapping, the default ephemeral range from 49153 or 32768 on. */
  const HOST_PORTS = { FromPort: 32_768, ToPort: 65_535 };
  const PORT = { FromPort: 8080, ToPort: 8080 };

  test.each([
    { group: 'TaskGroup', of: 'TimeService', ports: PORT, from: ['PortalGroup', 'WorkerGroup'] },
    { group: 'TaskGroup', of: 'CalcService', ports: PORT, from: ['PortalGroup', 'WorkerGroup'] },
    { group: 'PortalGroup', of: 'PortalService', ports: PORT, from: ['BalancerGroup'] },
    { group: 'HostGroup', of: 'HostTemplate', ports: HOST_PORTS, from: ['PortalGroup', 'WorkerGroup'] },
  ])('$of takes connections of $from alone', ({ group, of, ports, from }) => {
    const { NetworkConfiguration, LaunchTemplateData } = Object(deployed(of));
    const groups = NetworkConfiguration?.AwsvpcConfiguration.SecurityGroups;
    expect(groups ?? LaunchTemplateData.SecurityGroupIds).toEqual([group]);
    const { SecurityGroupIngress } = Object(deployed(group));
    expect(SecurityGroupIngress).toEqual(
      from.map((source) =>
        expect.objectContaining({ IpProtocol: 'tcp', ...ports, SourceSecurityGroupId: source }),
      ),
    );
  });

  test('the worker takes none, and the portal’s balancer those of the range that is given', () => {
    expect(Object(deployed('WorkerGroup'))).not.toHaveProperty('SecurityGroupIngress');
    expect(deployed('BalancerGroup', { AllowedCidr: '203.0.113.7/32' })).toMatchObject({
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '203.0.113.7/32' }],
    });
  });
});
