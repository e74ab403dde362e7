import { describe, expect, it } from 'vitest';
import type { FlagValues } from '../../src/config/read-texts.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import type { RunRequest } from '../../src/worker.ts';
import { serve, ZONE_NAME } from '../end-to-end/support.ts';
import { type FakeContainer, startFakeEngine } from './fake-engine.ts';
import { dockerId, openAgent, rows } from './support.ts';

const REQUEST: RunRequest = { mode: 'apply', force: false, all: false, approve: async () => true };
const HOST = 'ip-10-0-1-11.ec2.internal';
const IDENTITY = { hostName: HOST, address: '10.0.1.11' };
const [ONE, TWO, THREE] = [dockerId(1), dockerId(2), dockerId(3)];
const A_SET = `ip-10-0-1-11 | A | ${HOST} | 1 | 0 | 10.0.1.11`;

function web(port: number, over: FakeContainer = {}): FakeContainer {
  return { env: { SERVICE_8080_NAME: '_web._tcp' }, ports: { '8080/tcp': port }, ...over };
}

function srv(id: string, port: number, name = '_web._tcp'): string {
  return `${name} | SRV | ${HOST}:${id} | 1 | 0 | 1 1 ${port} ${HOST}`;
}

async function open(flags: FlagValues = {}) {
  const world = createWorld({ seed: 1 });
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const server = await serve(world);
  const engine = await startFakeEngine();
  const agent = await openAgent(server, engine, IDENTITY, flags);
  const follow = async () => {
    const following = agent.follow();
    await expect.poll(() => agent.events.length).toBeGreaterThan(0);
    return following;
  };
  const settled = (expected: readonly string[]) => expect.poll(() => rows(zone)).toEqual(expected.toSorted());
  return { zone, server, engine, agent, follow, settled };
}

describe('an agent', () => {
  it('registers what runs when it starts, then what starts, and removes what dies', async () => {
    const { engine, follow, settled } = await open();
    engine.run(ONE, web(32_768));
    await follow();
    await settled([A_SET, srv(ONE, 32_768)]);
    engine.run(TWO, web(32_769));
    await settled([A_SET, srv(ONE, 32_768), srv(TWO, 32_769)]);
    engine.die(ONE);
    await settled([A_SET, srv(TWO, 32_769)]);
    engine.die(TWO);
    await settled([A_SET]);
  });

  it('reads the names and the host again for an event, and not the zone', async () => {
    const { server, engine, follow, settled } = await open();
    await follow();
    const before = server.counts();
    engine.run(ONE, web(32_768));
    await settled([A_SET, srv(ONE, 32_768)]);
    const since = (name: string) => (server.counts()[name] ?? 0) - (before[name] ?? 0);
    expect(since('route53:ListHostedZonesByName')).toBe(0);
    expect(since('route53:ListResourceRecordSets')).toBe(2);
    expect(since('route53:ListResourceRecordSetProtections')).toBe(1);
    expect(since('route53:ChangeResourceRecordSets')).toBe(1);
  });

  it('asks Route 53 nothing for a container without a name', async () => {
    const { server, engine, follow, settled } = await open();
    await follow();
    const before = server.counts();
    engine.run(ONE, { ports: { '8080/tcp': 32_768 } });
    engine.die(ONE);
    await expect.poll(() => engine.requests().filter((path) => path.includes(ONE)).length).toBeGreaterThan(0);
    expect(server.counts()).toEqual(before);
    engine.run(TWO, web(32_769));
    await settled([A_SET, srv(TWO, 32_769)]);
  });

  it('writes what the image, the labels and two ports say', async () => {
    const { engine, follow, settled } = await open();
    engine.run(ONE, {
      env: { SERVICE_80_NAME: '_gw._tcp', SERVICE_81_NAME: '_gw._tcp', SERVICE_82_NAME: '_admin._tcp' },
      labels: { SERVICE_82_TTL: '30', SERVICE_82_WEIGHT: '5', 'Discovery.Service.NAME': 'gw' },
      ports: { '80/tcp': 1080, '81/tcp': 1081, '82/tcp': 1082 },
    });
    engine.run(TWO, { env: { SERVICE_NAME: 'Only' }, network: 'host', exposed: ['9100/tcp'] });
    await follow();
    await settled([
      A_SET,
      srv(ONE, 1080, '_gw._tcp'),
      `_gw._tcp | SRV | ecs-dns:${HOST}:${ONE}/1081 | 1 | 0 | 1 1 1081 ${HOST}`,
      `_admin._tcp | SRV | ${HOST}:${ONE} | 5 | 30 | 1 5 1082 ${HOST}`,
      `gw | A | ecs-dns:${HOST}:${ONE} | 1 | 0 | 10.0.1.11`,
      srv(TWO, 9100, 'only'),
    ]);
  });

  it('waits for a health check of the engine, and not for what the settings say otherwise', async () => {
    const { engine, follow, settled } = await open();
    await follow();
    engine.run(ONE, web(32_768, { health: 'starting' }));
    engine.run(TWO, web(32_769));
    await settled([A_SET, srv(TWO, 32_769)]);
    engine.setHealth(ONE, 'healthy');
    await settled([A_SET, srv(ONE, 32_768), srv(TWO, 32_769)]);
    // A worker decides about what fails later.
    engine.setHealth(ONE, 'unhealthy');
    engine.run(THREE, web(32_770));
    await settled([A_SET, srv(ONE, 32_768), srv(TWO, 32_769), srv(THREE, 32_770)]);

    const eager = await open({ '--agent-wait-for-healthy': 'false' });
    await eager.follow();
    eager.engine.run(ONE, web(32_768, { health: 'starting' }));
    await eager.settled([A_SET, srv(ONE, 32_768)]);
  });

  it('knows what a container was called that dies during a pass for another', async () => {
    const { engine, agent } = await open();
    engine.run(ONE, web(32_768));
    engine.run(TWO, { env: { SERVICE_NAME: '_other._tcp' }, ports: { '80/tcp': 80 } });
    await agent.sync();
    const { passes } = agent;
    const pass = await passes.prepare({ isFull: false, containers: new Set([TWO]) }, undefined);
    engine.die(ONE);
    passes.changed({ action: 'die', containerId: ONE });
    if (pass !== undefined) await passes.run(pass, REQUEST);
    expect(await passes.prepare({ isFull: false, containers: new Set([ONE]) }, undefined)).toEqual({
      names: new Set(['_web._tcp']),
    });
  });

  it('ends when it is told to, and leaves the zone as it is', async () => {
    const { engine, follow, settled, zone } = await open();
    engine.run(ONE, web(32_768));
    const agent = await follow();
    await settled([A_SET, srv(ONE, 32_768)]);
    await agent.stop();
    expect(engine.listeners()).toBe(0);
    expect(rows(zone)).toHaveLength(2);
  });
});

describe('of its host alone', () => {
  const others = [
    { name: '_web._tcp', type: 'SRV', id: `${HOST}.corp:${dockerId(8)}`, value: `1 1 1 ${HOST}.corp` },
    {
      name: '_web._tcp',
      type: 'SRV',
      id: `ip-10-0-1-1.ec2.internal:${dockerId(9)}`,
      value: '1 1 1 ip-10-0-1-1.ec2.internal',
    },
    { name: '_web._tcp', type: 'SRV', id: dockerId(7), value: '1 1 7 ip-10-0-1-1.ec2.internal' },
    {
      name: 'web',
      type: 'A',
      id: 'ecs-dns:us-east-1/123456789012/blue/11111111111111111111111111111111',
      value: '10.0.1.11',
    },
  ];
  const put = async () => {
    const opened = await open();
    for (const { name, type, id, value } of others)
      opened.zone.put({
        Name: `${name}.${ZONE_NAME}.`,
        Type: type,
        SetIdentifier: id,
        Weight: 1,
        TTL: 0,
        ResourceRecords: [{ Value: value }],
      });
    return { ...opened, before: rows(opened.zone) };
  };

  it('a pass removes what the engine does not run', async () => {
    const { zone, agent, engine, before } = await put();
    engine.run(ONE, web(32_768));
    await agent.sync();
    engine.quietly(ONE, undefined);
    engine.quietly(TWO, web(32_769));
    await agent.sync();
    expect(rows(zone)).toEqual([...before, A_SET, srv(TWO, 32_769)].toSorted());
  });

  it('removal takes all of it, whatever runs', async () => {
    const { zone, agent, engine, before } = await put();
    engine.run(ONE, web(32_768, { labels: { 'discovery.service.name': 'web2' } }));
    await agent.sync();
    expect(rows(zone)).toHaveLength(before.length + 3);
    await agent.remove();
    expect(rows(zone)).toEqual(before);
  });

  it('removal leaves the address of the host as long as a set of another tool points at it', async () => {
    const { zone, agent, engine } = await open();
    engine.run(ONE, web(32_768));
    await agent.sync();
    zone.put({
      Name: `_old._tcp.${ZONE_NAME}.`,
      Type: 'SRV',
      TTL: 60,
      ResourceRecords: [{ Value: `1 1 80 ${HOST}` }],
    });
    await agent.remove();
    expect(rows(zone)).toEqual([`_old._tcp | SRV |  |  | 60 | 1 1 80 ${HOST}`, A_SET]);
  });
});
