import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { dockerEngine } from '../../../src/sources/docker/docker-engine.ts';

test('an engine that is away leaves nothing on the signal, however often it is asked for its events', async () => {
  const { signal } = new AbortController();
  const engine = await dockerEngine('/nonexistent/docker.sock');
  for (let i = 0; i < 3; i++) await expect(engine.events(signal)).rejects.toMatchObject({ code: 'engine' });
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
