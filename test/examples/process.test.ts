import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { connect, createServer } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openNameServer } from '../../src/sandbox/dns/open-name-server.ts';
import { createWorld } from '../../src/sandbox/world/world.ts';
import { failedStart, HOST, type Program, startProgram } from './program.ts';

const TIME = { TIME_USER: 'bob', TIME_PASSWORD: 'päss:word' };
const basic = (credentials: string) => ({
  authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
});

async function ask(url: string, init?: RequestInit): Promise<readonly [number, string]> {
  const response = await fetch(url, init);
  return [response.status, (await response.text()).trim()];
}

describe('time', () => {
  test('is for those who know user and password, and its health for all', async () => {
    const { url } = await startProgram('time', 18_100, TIME);
    const headers = basic('bob:päss:word');

    expect(await ask(`${url}/time?format=${encodeURIComponent('[in] YYYY')}`, { headers })).toEqual([
      200,
      expect.stringMatching(/^in 20\d\d$/),
    ]);
    for (const wrong of ['bob:pass', 'bob', 'bob:päss:word ', 'eve:päss:word'])
      expect(await ask(`${url}/time`, { headers: basic(wrong) })).toEqual([
        401,
        'user and password are wanted',
      ]);
    expect(await ask(`${url}/time`, { headers: { authorization: 'Bearer päss'.slice(0, 9) } })).toEqual([
      401,
      'user and password are wanted',
    ]);
    const challenged = await fetch(`${url}/time`);
    expect(challenged.headers.get('www-authenticate')).toMatch(/^Basic realm="time"/);
    expect(await ask(`${url}/health`)).toEqual([200, 'ok']);
  });

  test('tells a time or a fault in whatever format', async () => {
    const { url } = await startProgram('time', 18_101, TIME);
    const headers = basic('bob:päss:word');
    const formats = [
      '',
      '[',
      '[[]]',
      '%s%n',
      'YYYY'.repeat(25),
      '\u0000\r\nSet-Cookie: a=b',
      '💥',
      '<b>',
      '__proto__',
    ];

    for (const format of formats)
      expect((await ask(`${url}/time?${new URLSearchParams({ format }).toString()}`, { headers }))[0]).toBe(
        200,
      );
    expect(await ask(`${url}/time?format=${'Y'.repeat(101)}`, { headers })).toEqual([
      400,
      'a format has at most 100 characters',
    ]);
  });

  test.each([
    [{}, 'TIME_USER is not set\n'],
    [{ TIME_USER: 'bob' }, 'TIME_PASSWORD is not set\n'],
    [{ ...TIME, TIME_USER: 'a:b' }, 'TIME_USER: a colon cannot be part of it\n'],
    [{ ...TIME, PORT: 'http' }, 'PORT: "http" is not valid; write a whole number from 0 to 65535\n'],
    [
      { ...TIME, DRAIN_SECONDS: '-1' },
      'DRAIN_SECONDS: "-1" is not valid; write a whole number from 0 to 120\n',
    ],
  ])('does not start with %j', async (env, stderr) => {
    expect(await failedStart('time', env)).toEqual({ code: 2, stderr });
  });
});

describe('calc', () => {
  test('takes formulas from the query, a body and a form, and names the container', async () => {
    const { url } = await startProgram('calc', 18_102);
    const post = (body: string, type: string) =>
      ask(`${url}/calc`, { method: 'POST', body, headers: { 'content-type': type } });

    expect(await ask(`${url}/calc?formula=6*7`)).toEqual([200, '42']);
    expect(await post('6*7\n', 'text/plain')).toEqual([200, '42']);
    expect(await post('formula=6*7', 'application/x-www-form-urlencoded')).toEqual([200, '42']);
    expect(await post('1+'.repeat(3_000), 'text/plain')).toEqual([413, 'the body is too long']);
    expect(await ask(`${url}/calc?formula=process.exit()`)).toEqual([400, expect.any(String)]);
    expect(await ask(`${url}/constructor`)).toEqual([404, 'not found']);
    expect(await ask(`${url}/calc`, { method: 'DELETE' })).toEqual([405, 'method not allowed']);
    expect((await fetch(`${url}/health`)).headers.get('x-container')).toBe('calc');
  });

  test('writes a line a request, in which no request can begin another, nor tell what was asked', async () => {
    const { url, lines } = await startProgram('calc', 18_103);
    await ask(`${url}/calc?formula=1%2B1`);
    await ask(`${url}/%0a{}`);

    await expect.poll(lines).toMatchObject([
      { message: 'listening', port: 18_103 },
      { method: 'GET', path: '/calc', status: 200, container: 'calc' },
      { method: 'GET', path: '/%0a%7B%7D', status: 404 },
    ]);
    expect(JSON.stringify(lines())).not.toContain('formula');
  });

  test('survives what is no request', async () => {
    const { url, port } = await startProgram('calc', 18_104);
    for (const bytes of ['GARBAGE\r\n\r\n', 'GET //[ HTTP/1.1\r\nhost: a\r\n\r\n', '\0\0\0']) {
      const socket = connect(port, HOST);
      socket.on('error', () => {});
      socket.end(bytes);
      socket.resume();
      await once(socket, 'close');
    }
    expect(await ask(`${url}/health`)).toEqual([200, 'ok']);
  });
});

describe('a container that is told to end', () => {
  const answerOf = async (url: string, agent: Agent): Promise<IncomingMessage> => {
    const [response] = await once(get(url, { agent }), 'response');
    response.resume();
    await once(response, 'end');
    return response;
  };
  const isDraining = ({ lines }: Program) => lines().some(({ message }) => message === 'draining');

  test('serves who comes until it has drained, on connections that it closes', async () => {
    const agent = new Agent({ keepAlive: true });
    const program = await startProgram('calc', 18_105, { DRAIN_SECONDS: '60' });
    const before = await answerOf(`${program.url}/calc?formula=1`, agent);
    expect(before.headers.connection).toBe('keep-alive');

    program.child.kill('SIGTERM');
    await expect.poll(() => isDraining(program)).toBe(true);

    const after = await answerOf(`${program.url}/calc?formula=1`, agent);
    expect([after.statusCode, after.headers.connection]).toEqual([200, 'close']);
    expect((await answerOf(`${program.url}/health`, agent)).statusCode).toBe(503);
    program.child.kill('SIGTERM');
    expect(await program.ended).toBe(1);
  });

  test('ends with 0 once the time to drain is over', async () => {
    const program = await startProgram('calc', 18_106, { DRAIN_SECONDS: '0' });
    await ask(`${program.url}/health`);
    program.child.kill('SIGTERM');

    expect(await program.ended).toBe(0);
  });
});

const ZONE = 'servicediscovery.internal';

/** A zone in which calc has SRV records to these ports, in as many weighted sets, and a name server of it. */
async function dnsOf(ports: readonly number[]): Promise<string> {
  const world = createWorld();
  const zone = world.addHostedZone({ name: ZONE });
  for (const port of ports)
    zone.put({
      Name: `_calc._tcp.${ZONE}.`,
      Type: 'SRV',
      SetIdentifier: String(port),
      Weight: 1,
      TTL: 0,
      ResourceRecords: [{ Value: `1 1 ${port} host.${ZONE}` }],
    });
  zone.put({ Name: `host.${ZONE}.`, Type: 'A', TTL: 0, ResourceRecords: [{ Value: HOST }] });
  const server = await openNameServer({ world });
  onTestFinished(() => server.close());
  return `${server.address}:${server.port}`;
}

describe('portal', () => {
  const formula = async (port: number, DNS_SERVER: string) => {
    const { url } = await startProgram('portal', port, { DNS_SERVER, ZONE });
    const page = await (await fetch(`${url}/?formula=6*7`)).text();
    return /aria-label="A formula">[\s\S]*?<\/section>/.exec(page)?.[0].replaceAll(/<[^>]*>|\s+/g, ' ') ?? '';
  };

  test('asks the next container while one is dead and another one is not well', async () => {
    const unwell = createServer((socket) => socket.end('HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n'));
    unwell.listen(18_111, HOST);
    onTestFinished(() => void unwell.close());
    await startProgram('calc', 18_110);

    expect(await formula(18_112, await dnsOf([18_109, 18_110, 18_111]))).toMatch(
      / 42 .* by container +calc +at/,
    );
  });

  test('says that none of them answers, and goes on itself', async () => {
    expect(await formula(18_113, await dnsOf([18_109, 18_108]))).toContain('none of 2 containers answers');
  });

  test('says that DNS has no record, or no answer', async () => {
    expect(await formula(18_114, await dnsOf([]))).toContain(`DNS has no record of _calc._tcp.${ZONE}`);
    expect(await formula(18_115, `${HOST}:9`)).toMatch(/DNS does not answer \(E\w+\)/);
  });

  test('may do nothing in a browser but send its own form', async () => {
    const { url } = await startProgram('portal', 18_116, { DNS_SERVER: await dnsOf([]), ZONE });
    const policy = (await fetch(url)).headers.get('content-security-policy');

    expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; .*form-action 'self'/);
    expect(policy).not.toMatch(/script|unsafe/);
  });

  test('does not start with a name server that is none', async () => {
    expect(await failedStart('portal', { PORT: '0', DNS_SERVER: 'ns.example' })).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^DNS_SERVER: "ns\.example" is not valid; write an address/),
    });
  });
});

describe('the stand-in of redis', () => {
  const converse = async (port: number, bytes: string): Promise<string> => {
    const socket = connect(port, HOST).setEncoding('latin1');
    let said = '';
    socket.on('data', (text: string) => {
      said += text;
    });
    socket.write(bytes, 'latin1');
    socket.end();
    await once(socket, 'close');
    return said;
  };
  const command = (...words: readonly string[]) =>
    `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`;

  test('speaks as much of RESP as counting takes', async () => {
    const port = 18_120;
    const redis = await startProgram('redis', port);
    const all = [
      ['ping'],
      ['GET', 'a'],
      ['INCR', 'a'],
      ['incr', 'a'],
      ['GET', 'a'],
      ['SET', 'b', 'x'],
      ['INCR', 'b'],
    ];

    expect(await converse(port, all.map((words) => command(...words)).join(''))).toBe(
      '+PONG\r\n$-1\r\n:1\r\n:2\r\n$1\r\n2\r\n+OK\r\n-ERR value is not an integer or out of range\r\n',
    );
    expect(await converse(port, command('FLUSHALL'))).toBe('-ERR unknown command\r\n');
    expect(await converse(port, command('constructor'))).toBe('-ERR unknown command\r\n');
    expect(await converse(port, 'GET / HTTP/1.1\r\n')).toMatch(/^-ERR /);
    expect(await converse(port, '*1\r\n$99999\r\n')).toBe('');
    redis.child.kill('SIGTERM');
    expect(await redis.ended).toBe(0);
  });
});
