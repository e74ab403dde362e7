import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { hasAnswered, type ProbeOutcome } from '../../src/model/probe.ts';
import { onRequest, type Serve } from './misbehaving-servers.ts';
import { probeOne, servers } from './support.ts';

const { start, stopAll } = servers();
afterEach(stopAll);

const OK = 'HTTP/1.1 200 OK\r\n';
const TWO = 'content-length: 2\r\n';
const WHOLE = `${OK}${TWO}\r\nok`;
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const HINTS = 'HTTP/1.1 103 Early Hints\r\n\r\n';

interface Answer {
  readonly bytes: string;
  readonly check?: Partial<HealthCheck>;
  /** Leaves the connection open, so that only the bytes decide. */
  readonly isOpen?: boolean;
}

const READ_BODY: Partial<HealthCheck> = { bodyContains: 'ok' };

/** Every row of the table in docs/health-checks.md, under the very name that it has there. */
const ANSWERS: Readonly<Record<string, Answer>> = {
  'a folded header': { bytes: `${OK}x: a\r\n b\r\n${TWO}\r\nok` },
  'a folded header as the first one': { bytes: `${OK} b\r\n${TWO}\r\nok` },
  'a blank before the colon': { bytes: `${OK}x : a\r\n${TWO}\r\nok` },
  'a blank in a header name': { bytes: `${OK}x y: a\r\n${TWO}\r\nok` },
  'an empty header name': { bytes: `${OK}: a\r\n${TWO}\r\nok` },
  'a header line without a colon': { bytes: `${OK}nonsense\r\n${TWO}\r\nok` },
  'a header name beyond ASCII': { bytes: `${OK}x-\u00e9: a\r\n${TWO}\r\nok` },
  'a control character in a header value': { bytes: `${OK}x: a\u0001b\r\n${TWO}\r\nok` },
  'a Content-Length, and then a Transfer-Encoding': {
    bytes: `${OK}${TWO}transfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
  },
  'a Transfer-Encoding, and then a Content-Length': {
    bytes: `${OK}transfer-encoding: chunked\r\n${TWO}\r\n2\r\nok\r\n0\r\n\r\n`,
  },
  '`Content-Length: 2, 2`': { bytes: `${OK}content-length: 2, 2\r\n\r\nok` },
  'two Content-Lengths': { bytes: `${OK}${TWO}${TWO}\r\nok` },
  'a Content-Length of 19 digits': { bytes: `${OK}content-length: 9999999999999999999\r\n\r\nok` },
  'a Content-Length of 20 digits': { bytes: `${OK}content-length: 99999999999999999999\r\n\r\nok` },
  'a Content-Length that is no number': { bytes: `${OK}content-length: five\r\n\r\nok` },
  'an empty Content-Length': { bytes: `${OK}content-length: \r\n\r\nok` },
  'line feeds alone': { bytes: 'HTTP/1.1 200 OK\ncontent-length: 2\n\nok' },
  'line feeds alone, and a blank CRLF line in the body': {
    bytes: 'HTTP/1.1 200 OK\ncontent-length: 10\n\nabc\r\n\r\ndef',
  },
  'a line feed alone after one header': { bytes: `${OK}x: a\n${TWO}\r\nok` },
  'carriage returns alone': { bytes: 'HTTP/1.1 200 OK\rcontent-length: 2\r\rok' },
  'a 100 with line feeds alone before the real 200': { bytes: `HTTP/1.1 100 Continue\n\n${WHOLE}` },
  'a 100 before the real 200': { bytes: `HTTP/1.1 100 Continue\r\n\r\n${WHOLE}` },
  'a 103 before the real 200': { bytes: `${HINTS}${WHOLE}` },
  'eleven 1xx answers before the real 200': { bytes: HINTS.repeat(11) + WHOLE },
  'a 103, and then what is no HTTP': { bytes: `${HINTS}garbage` },
  'a 101 with an upgrade': {
    bytes: 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: other\r\n\r\n',
    isOpen: true,
  },
  'headers beyond 16 KiB': { bytes: `${OK}x: ${'a'.repeat(17_000)}\r\n${TWO}\r\nok` },
  'a status line without end': { bytes: `HTTP/1.1 200 ${'a'.repeat(200_000)}`, isOpen: true },
  'an end amid the headers': { bytes: `${OK}x-half` },
  'a status that is no number': { bytes: `HTTP/1.1 2OO OK\r\n${TWO}\r\nok` },
  'two blanks before the status': { bytes: `HTTP/1.1  200 OK\r\n${TWO}\r\nok` },
  'a version in small letters': { bytes: `http/1.1 200 OK\r\n${TWO}\r\nok` },
  'a version in mixed letters': { bytes: `Http/1.1 200 OK\r\n${TWO}\r\nok` },
  'the version 1.2': { bytes: `HTTP/1.2 200 OK\r\n${TWO}\r\nok` },
  'the version 2.0': { bytes: `HTTP/2.0 200 OK\r\n${TWO}\r\nok` },
  'a chunk whose size is none, with bodyContains': {
    bytes: `${CHUNKED}zz\r\nok\r\n0\r\n\r\n`,
    check: READ_BODY,
  },
  'line feeds alone between chunks, with bodyContains': {
    bytes: `${CHUNKED}2\nok\n0\n\n`,
    check: READ_BODY,
  },
  'no status line (HTTP/0.9)': { bytes: '<html>ok</html>\n' },
  'a byte order mark before the status line': { bytes: `\u00ef\u00bb\u00bf${WHOLE}` },
  'the greeting of an SSH server': { bytes: 'SSH-2.0-OpenSSH_9.9\r\n' },
};

function serving({ bytes, isOpen = false }: Answer): Serve {
  return onRequest((socket: Socket) => {
    socket.write(bytes, 'latin1');
    if (!isOpen) socket.end();
  });
}

/** What the page says of an answer. */
interface Row {
  readonly outcome: string;
  readonly errorCode: string;
  /** The status that curl tells of it, `000` where it tells none. */
  readonly curl: string;
}

/** The rows of the page's table of answers. */
function documented(): ReadonlyMap<string, Row> {
  const page = readFileSync(new URL('../../docs/health-checks.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('## Answers that break the rules of HTTP');
  const [text = ''] = section.split('\n## ');
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return new Map(
    lines.slice(2).map((line) => {
      const [answer = '', outcome = '', errorCode = '', curl = ''] = line
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      const bare = (cell: string) => cell.replaceAll('`', '');
      return [answer, { outcome: bare(outcome), errorCode: bare(errorCode), curl: bare(curl) }];
    }),
  );
}

function rowOf(outcome: ProbeOutcome | undefined, curl: string): Row {
  const named = outcome !== undefined && 'reason' in outcome ? outcome.reason : String(outcome?.kind);
  return { outcome: named, errorCode: outcome?.errorCode ?? '', curl };
}

/** The status that curl on this machine tells of what is at a port, `000` for none; `undefined` without a curl. */
function askCurl(port: number): Promise<string | undefined> {
  const url = `http://127.0.0.1:${port}/health`;
  const options = ['-q', '-sN', '-m', '2', '-o', '/dev/null', '-w', '%{http_code}'];
  return new Promise((resolve, reject) => {
    execFile('curl', [...options, url], (error, stdout) => {
      if (error?.code === 'ENOENT') resolve(undefined);
      else if (/^\d{3}$/.test(stdout)) resolve(stdout);
      else reject(error ?? new Error(`curl says ${stdout}`));
    });
  });
}

describe('the table of answers in docs/health-checks.md', () => {
  const rows = documented();

  it('has a test for every row, and a row for every test', () => {
    expect([...rows.keys()]).toEqual(Object.keys(ANSWERS));
  });

  it.each(Object.entries(ANSWERS))('is true of %s', async (name, answer) => {
    const { place } = await start(serving(answer));
    const row = rows.get(name);
    expect(rowOf(await probeOne(place, answer.check), row?.curl ?? '')).toEqual(row);
  });

  it('removes nothing that curl takes for a 200', () => {
    const taken = [...rows.values()].filter(({ curl }) => curl === '200');
    expect(taken.length).toBeGreaterThan(20);
    expect(taken.filter(({ outcome }) => !['healthy', 'malformed-answer'].includes(outcome))).toEqual([]);
  });

  it.each(Object.entries(ANSWERS))(
    'removes nothing that this curl takes for a 200: %s',
    async (name, answer) => {
      const { place } = await start(serving(answer));
      if ((await askCurl(place.port)) !== '200') return;
      expect(['healthy', 'malformed-answer']).toContain(rows.get(name)?.outcome);
    },
  );
});

describe('a malformed answer', () => {
  const folded = ANSWERS['a folded header'];
  if (folded === undefined) throw new TypeError('there is no such row');

  it('is asked for once: the same server gives the same answer', async () => {
    const server = await start(serving(folded));
    expect(await probeOne(server.place, { attempts: 3 })).toMatchObject({ attempts: 1 });
    expect(server.accepted()).toBe(1);
  });

  it('is an answer: something is there', async () => {
    const { place } = await start(serving(folded));
    const outcome = await probeOne(place);
    expect(outcome && hasAnswered(outcome)).toBe(true);
  });

  it('after a bad status does not hide it', async () => {
    const bytes = `${CHUNKED.replace('200 OK', '503 No')}zz\r\n`;
    const { place } = await start(serving({ bytes }));
    expect(await probeOne(place)).toMatchObject({ kind: 'unhealthy', reason: 'http-status', status: 503 });
  });
});
