import { describe, expect, it } from 'vitest';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { startFakeEngine } from '../agent/fake-engine.ts';
import { dockerId, openAgent, rows } from '../agent/support.ts';
import { serve, ZONE_NAME } from '../end-to-end/support.ts';

const HOST = 'ip-10-0-1-11.ec2.internal';
const [ONE, TWO, THREE] = [dockerId(1), dockerId(2), dockerId(3)];
const A_SET = `ip-10-0-1-11 | A | ${HOST} | 1 | 0 | 10.0.1.11`;
const srv = (id: string, port: number) => `_web._tcp | SRV | ${HOST}:${id} | 1 | 0 | 1 1 ${port} ${HOST}`;
const web = (port: number) => ({ env: { SERVICE_NAME: '_web._tcp' }, ports: { '8080/tcp': port } });

async function open() {
  const world = createWorld({ seed: 1 });
  const zone = world.addHostedZone({ name: ZONE_NAME, private: true });
  const server = await serve(world);
  const engine = await startFakeEngine();
  const agent = await openAgent(server, engine, { hostName: HOST, address: '10.0.1.11' });
  const settled = (expected: readonly string[]) => expect.poll(() => rows(zone)).toEqual(expected.toSorted());
  return { zone, server, engine, agent, settled };
}

describe('one bad container never fails the batch of its host', () => {
  it('with a name that DNS does not take, or without a port', async () => {
    const { engine, agent, settled } = await open();
    engine.run(ONE, { env: { SERVICE_NAME: 'bad name!' }, ports: { '80/tcp': 1 } });
    engine.run(TWO, { env: { SERVICE_80_NAME: `${'x'.repeat(64)}.y` }, ports: { '80/tcp': 2 } });
    engine.run(dockerId(4), { env: { SERVICE_NAME: '_none._tcp' } });
    engine.run(THREE, web(32_770));
    agent.follow();
    await settled([A_SET, srv(THREE, 32_770)]);
  });

  it.each(['vanished', 'error', 'malformed'] as const)('that is %s when it is looked at', async (fault) => {
    const { engine, agent, settled } = await open();
    agent.follow();
    engine.fault(ONE, fault);
    engine.run(ONE, web(32_768));
    engine.run(TWO, web(32_769));
    await settled([A_SET, srv(TWO, 32_769)]);
  });

  it('that runs and can be described no longer keeps its record', async () => {
    const { engine, agent, zone } = await open();
    engine.run(ONE, web(32_768));
    engine.run(TWO, web(32_769));
    await agent.sync();
    const before = rows(zone);
    engine.fault(ONE, 'error');
    agent.passes.changed({ action: 'health', containerId: ONE });
    engine.quietly(TWO, undefined);
    await agent.sync();
    expect(rows(zone)).toEqual([A_SET, srv(ONE, 32_768)].toSorted());
    engine.fault(ONE, undefined);
    engine.quietly(TWO, web(32_769));
    await agent.sync();
    expect(rows(zone)).toEqual(before);
  });
});

describe('an engine that restarts', () => {
  it('is followed again, and what happened meanwhile is found', async () => {
    const { engine, agent, settled } = await open();
    engine.run(ONE, web(32_768));
    engine.run(TWO, web(32_769));
    agent.follow();
    await settled([A_SET, srv(ONE, 32_768), srv(TWO, 32_769)]);
    await engine.stop();
    engine.quietly(ONE, undefined);
    engine.quietly(THREE, web(32_770));
    await engine.start();
    await settled([A_SET, srv(TWO, 32_769), srv(THREE, 32_770)]);
    await expect.poll(() => engine.listeners()).toBe(1);
    engine.die(TWO);
    await settled([A_SET, srv(THREE, 32_770)]);
  });

  it('and lists nothing at first loses no record', async () => {
    const { engine, agent, zone, server } = await open();
    engine.run(ONE, web(32_768));
    await agent.sync();
    const before = rows(zone);
    engine.listNothing(2);
    const again = await openAgent(server, engine, agent.identity);
    await again.sync();
    expect(rows(zone)).toEqual(before);
  });

  it('and leaves a running container out of its listing loses no record', async () => {
    const { engine, agent, zone } = await open();
    engine.run(ONE, web(32_768));
    engine.run(TWO, web(32_769));
    await agent.sync();
    const before = rows(zone);
    engine.listNothing(2);
    await agent.sync();
    expect(rows(zone)).toEqual(before);
  });

  it('and tells of an event before it says so when it is asked is asked again', async () => {
    const { engine, agent, settled } = await open();
    engine.run(ONE, web(32_768));
    agent.follow();
    await settled([A_SET, srv(ONE, 32_768)]);
    engine.die(ONE);
    engine.quietly(ONE, web(32_768));
    engine.run(TWO, web(32_769));
    engine.quietly(TWO, undefined);
    await expect.poll(() => engine.requests().filter((path) => path.includes(TWO)).length).toBeGreaterThan(0);
    engine.quietly(ONE, undefined);
    engine.quietly(TWO, web(32_769));
    await settled([A_SET, srv(TWO, 32_769)]);
  });

  it('cannot be asked while it is away: nothing changes', async () => {
    const { engine, agent, zone } = await open();
    engine.run(ONE, web(32_768));
    await agent.sync();
    const before = rows(zone);
    await engine.stop();
    await expect(agent.sync()).rejects.toMatchObject({ code: 'engine' });
    expect(rows(zone)).toEqual(before);
    await engine.start();
  });
});

describe('Route 53 that fails', () => {
  it.each([
    ['reading', 'route53:ListResourceRecordSets'],
    ['writing', 'route53:ChangeResourceRecordSets'],
  ] as const)('at %s is tried again, and what is pending is what differs by then', async (_, operation) => {
    const { engine, agent, server, settled } = await open();
    engine.run(ONE, web(32_768));
    agent.follow();
    await settled([A_SET, srv(ONE, 32_768)]);
    const effect = { kind: 'error', code: 'ServiceUnavailable', status: 503 } as const;
    const restore = server.addFault({ operation, effect });
    engine.run(TWO, web(32_769));
    engine.die(ONE);
    engine.run(THREE, web(32_770));
    engine.die(TWO);
    await expect.poll(() => agent.events.some(isFailure)).toBe(true);
    restore();
    await settled([A_SET, srv(THREE, 32_770)]);
  });

  it('and a zone that has lost the host gets all of it back at once', async () => {
    const { engine, agent, zone } = await open();
    engine.run(ONE, web(32_768));
    engine.run(TWO, web(32_769));
    await agent.sync();
    const before = zone.list();
    for (let outage = 0; outage < 3; outage++) {
      for (const set of before) if (set.Type === 'SRV' || set.Type === 'A') zone.records.delete(set);
      await agent.sync();
      await agent.sync();
      expect(rows(zone)).toEqual(rows({ list: () => before }));
    }
  });
});

type Event = { readonly kind: string; readonly warning?: string | undefined };

function isFailure({ kind, warning }: Event): boolean {
  return kind === 'failed' || warning !== undefined;
}
