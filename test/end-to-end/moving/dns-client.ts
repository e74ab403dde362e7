import { connect } from 'node:net';
import { expect } from 'vitest';
import { normalizeName } from '../../../src/model/dns-name.ts';
import { answerQuestion, type DnsRecord, type Question } from '../../../src/sandbox/dns/answer-question.ts';
import { viewOf } from '../../../src/sandbox/dns/world-view.ts';
import type { World } from '../../../src/sandbox/world/world.ts';

/** More than the weights of any name of these fleets add up to. */
const DRAWS = 64;

/** A name to ask for; of an address, the port at which what has it is reached, if anything listens there. */
export interface NameOfFleet extends Question {
  readonly port?: number;
}

/** A client that asks for every name of a fleet, and connects to whatever it may be told. */
export interface DnsClient {
  /**
   * Asks for all names as the zone is now. Fails where one is without an endpoint that accepts a connection, and had such
   * a one when it was looked at before.
   */
  readonly look: () => Promise<void>;
  /** Fails where any of the names is without a live answer, or may be answered by an endpoint that accepts none. */
  readonly expectAllLive: () => Promise<void>;
}

/** `questions` are the names of the fleet, without the zone. */
export function dnsClient(world: World, zoneName: string, questions: readonly NameOfFleet[]): DnsClient {
  const served = new Set<string>();
  const ask = () => questions.map((one) => endpointsOf(world, { ...one, name: `${one.name}.${zoneName}` }));
  const live = async () => {
    const found = ask();
    return Promise.all(
      questions.map(async ({ name }, i) => {
        const endpoints = found[i] ?? [];
        const accepted = await Promise.all(endpoints.map(accepts));
        return { name, isLive: accepted.includes(true), dead: endpoints.filter((_, n) => !accepted[n]) };
      }),
    );
  };
  return {
    look: async () => {
      const found = (await live()).filter(({ isLive }) => isLive).map(({ name }) => name);
      expect(found).toEqual(expect.arrayContaining([...served]));
      for (const name of found) served.add(name);
    },
    expectAllLive: async () => {
      expect(await live()).toEqual(questions.map(({ name }) => ({ name, isLive: true, dead: [] })));
    },
  };
}

interface DnsEndpoint {
  readonly address: string;
  /** `undefined` for a load balancer, which is there: behind its name nothing listens here. */
  readonly port: number | undefined;
}

/** Every endpoint that an answer may lead to: each draw of chance is taken once. */
function endpointsOf(world: World, question: NameOfFleet): readonly DnsEndpoint[] {
  const view = viewOf(world, 'vpc');
  const records = Array.from({ length: DRAWS }, (_, draw) =>
    answerQuestion(view, question, { below: (limit) => draw % limit }),
  ).flatMap(({ answers }) => answers);
  const distinct = [...new Map(records.map((one) => [`${one.type} ${one.value}`, one])).values()];
  return distinct.flatMap((record) => endpointsBehind(world, record, question.port));
}

function endpointsBehind(
  world: World,
  { type, value }: DnsRecord,
  port: number | undefined,
): readonly DnsEndpoint[] {
  if (type === 'A') return [{ address: value, port }];
  if (type === 'CNAME')
    return [...world.loadBalancers.values()]
      .filter(({ dnsName }) => normalizeName(dnsName) === normalizeName(value))
      .map(({ dnsName }) => ({ address: dnsName, port: undefined }));
  if (type !== 'SRV') return [];
  const [, , srvPort, target = ''] = value.split(' ');
  return endpointsOf(world, { name: target, type: 'A', port: Number(srvPort) });
}

async function accepts({ address, port }: DnsEndpoint): Promise<boolean> {
  if (port === undefined) return true;
  // Whatever is not on loopback is nothing of this fleet's, and is not asked.
  if (!address.startsWith('127.')) return false;
  return new Promise((resolve) => {
    const socket = connect(port, address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
