import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, answerFor, newFleet, serve, ZONE_NAME } from './support.ts';

const USER = 'probing-user';
const PASSWORD = 'correct-horse-battery';
const TOKEN = 'staple-token';
const CREDENTIALS = `${USER}:${PASSWORD}`;
const BASIC = Buffer.from(CREDENTIALS).toString('base64');
const SECRETS = [PASSWORD, BASIC, TOKEN];

/** Two containers: one wants the credentials and the header, the other always fails. */
async function guardedFleet() {
  const fleet = newFleet();
  const { live } = addService(fleet, '_orders._tcp', { live: 2 });
  const [guarded, failing] = live;
  if (guarded === undefined || failing === undefined) throw new TypeError('too few containers');
  let admitted = 0;
  await answerFor(
    guarded,
    createServer(({ headers }, response) => {
      const isKnown = headers.authorization === `Basic ${BASIC}` && headers['x-token'] === TOKEN;
      if (isKnown) admitted += 1;
      response.writeHead(isKnown ? 200 : 401).end();
    }),
  );
  await answerFor(
    failing,
    // Repeats what it was sent, as debugging pages do.
    createServer(({ headers }, response) => void response.writeHead(403).end(JSON.stringify(headers))),
  );
  return { guarded, admitted: () => admitted, server: await serve(fleet.world) };
}

const env = { ECS_DNS_HEALTH_BASIC_AUTH: CREDENTIALS, ECS_DNS_HEALTH_HEADERS: `X-Token: ${TOKEN}` };
const SETTINGS = ['--zone', ZONE_NAME, '--health-allow', '127.0.0.0/8', '--health-attempts', '1'];

test.each([
  ['plan', '--all'],
  ['plan', '--all', '--output', 'json'],
  ['apply', '--yes', '--output', 'json'],
  ['check', '_orders._tcp'],
  ['check', '_orders._tcp', '--output', 'json'],
  ['explain', '_orders._tcp'],
  ['explain', '_orders._tcp', '--output', 'json'],
])('%s %s %s %s sends credentials and headers to the container, and prints them nowhere', async (...args) => {
  const { admitted, server } = await guardedFleet();

  const { stdout, stderr } = await runHere([...args, ...SETTINGS], server.url, { env });

  expect(admitted()).toBe(1);
  expect(stdout).toMatch(/403/);
  for (const secret of SECRETS) expect(`${stdout}${stderr}`).not.toContain(secret);
  expect(JSON.stringify(server.log)).not.toMatch(new RegExp(SECRETS.join('|')));
});

test('a check that is not sent them is turned away', async () => {
  const { guarded, admitted, server } = await guardedFleet();
  const subject = `${guarded.address}:${guarded.port}`;

  const bare = await runHere(['check', subject, ...SETTINGS], server.url);
  const known = await runHere(['check', subject, ...SETTINGS], server.url, { env });

  expect([bare.code, known.code]).toEqual([1, 0]);
  expect(bare.stdout).toContain('http-status, status 401');
  expect(known.stdout).toContain('with credentials');
  expect(known.stdout).toContain('headers X-Token');
  expect(admitted()).toBe(1);
});

test.each([
  ['text', 'debug'],
  ['json', 'debug'],
  ['json', 'error'],
])('watch sends them too, and tells them in no line: %s from %s on', async (format, level) => {
  const { admitted, server } = await guardedFleet();
  const stop = new AbortController();
  const isWatched = expect.poll(admitted).toBe(1);
  const args = ['watch', ...SETTINGS, '--grace', '1m', '--log-format', format, '--log-level', level];

  const watching = runHere(args, server.url, { env, signal: stop.signal });
  await isWatched;
  stop.abort();
  const { stdout, stderr } = await watching;

  if (level === 'debug') expect(stderr).toMatch(/run/);
  for (const secret of SECRETS) expect(`${stdout}${stderr}`).not.toContain(secret);
});
