import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { portFault } from '../../src/cli/port-fault.ts';
import { OWN_BLOCK } from '../own-block.ts';

const HOST = `127.${OWN_BLOCK}.0.1`;

/** What Node.js says of a port that another server has. */
async function errorOfTakenPort() {
  const [one, other] = [createServer(), createServer()];
  await new Promise<void>((resolve) => one.listen(0, HOST, resolve));
  onTestFinished(() => void one.close());
  const bound = one.address();
  if (bound === null || typeof bound === 'string') throw new TypeError('it listens at no port');
  const error = await new Promise<unknown>((resolve) => {
    other.once('error', resolve).listen(bound.port, HOST);
  });
  return { error, port: String(bound.port) };
}

test('a port that a flag gives is told as the one of that flag', async () => {
  const { error, port } = await errorOfTakenPort();

  expect(portFault(error, { port })).toBe(
    `--port: ${port} cannot be listened at (it is taken); give another, or none for any free one`,
  );
  expect(portFault(error, { dns: port, port: '1' })).toBe(
    `--dns: ${port} cannot be listened at (it is taken); give another, or 0 for any free one`,
  );
});

test('a port of a container is told with its address, whatever the flags give', async () => {
  const { error, port } = await errorOfTakenPort();
  const line = `sandbox: its containers cannot listen at ${HOST}:${port} (it is taken); stop what listens at port ${port} on all addresses of this machine`;

  for (const flags of [{}, { port: '1' }, { dns: '1' }]) expect(portFault(error, flags)).toBe(line);
});

test('a port that only root may have is told as that', () => {
  const error = Object.assign(new Error('listen EACCES'), { code: 'EACCES', address: HOST, port: 53 });

  expect(portFault(error, { dns: '53' })).toContain(
    '--dns: 53 cannot be listened at (it may not be used by this user)',
  );
});

test('an error of another kind is none of a port', () => {
  expect(portFault(new Error('x'), { port: '1' })).toBeUndefined();
  expect(portFault(undefined, {})).toBeUndefined();
});
