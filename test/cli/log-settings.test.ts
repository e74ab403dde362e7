import { describe, expect, test } from 'vitest';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runHere } from './support.ts';

const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];
const NOWHERE = 'http://127.0.0.1:9';

async function openFleet() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  return { fleet, server: await serve(fleet.world), journal: await temporaryDirectory() };
}

function recordsIn(text: string): readonly Readonly<Record<string, unknown>>[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('what a command of one go tells on stderr', () => {
  test('is a short line', async () => {
    const { server, journal } = await openFleet();
    const { stderr } = await runHere(['apply', '--yes', ...ARGS, '--journal', journal], server.url);
    expect(stderr).toMatch(/^ecs-dns: what is removed is written to .*; ecs-dns restore puts it back\n$/);
  });

  test.each([
    ['the flag', ['--log-format', 'json'], {}],
    ['the variable', [], { ECS_DNS_LOG_FORMAT: 'json' }],
  ])('is a record by %s', async (_, flags, env) => {
    const { server, journal } = await openFleet();
    const args = ['apply', '--yes', ...ARGS, '--journal', journal, ...flags];
    const { code, stdout, stderr } = await runHere(args, server.url, { env });
    expect(code).toBe(0);
    expect(stdout).toContain('Removed: 2 entries');
    expect(recordsIn(stderr)).toMatchObject([
      { level: 'INFO', message: 'told', zone: ZONE_NAME, detail: expect.stringContaining(journal) },
    ]);
  });

  test('is nothing but what is wrong where it is to be quiet', async () => {
    const { server, journal } = await openFleet();
    const args = ['apply', '--yes', ...ARGS, '--journal', journal, '--quiet'];
    const { code, stderr } = await runHere(args, server.url, { tty: ['stderr'] });
    expect([code, stderr]).toEqual([0, '']);
  });

  test.each([[], ['--quiet'], ['--log-level', 'error']])(
    'has what is wrong all the same: %s',
    async (...flags) => {
      const { fleet, server } = await openFleet();
      const args = ['plan', '--zone', 'other.internal', ...flags];
      const { code, stderr } = await runHere(args, server.url);
      expect(fleet.zone.list().length).toBeGreaterThan(0);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/^ecs-dns: .*other\.internal.*\n$/)]);
    },
  );

  test('that is wrong is a record, too', async () => {
    const { server } = await openFleet();
    const args = ['plan', '--zone', 'other.internal', '--log-format', 'json'];
    const { stderr } = await runHere(args, server.url, { tty: ['stderr'] });
    expect(recordsIn(stderr)).toMatchObject([
      {
        level: 'ERROR',
        message: 'failed',
        zone: 'other.internal',
        detail: expect.stringContaining('other.internal'),
      },
    ]);
  });
});

describe('settings of the log that cannot be right are one line', () => {
  test.each([
    [['--log-format', 'pretty'], '--log-format: "pretty" is not valid; write text or json'],
    [['--log-level', 'all'], '--log-level: "all" is not valid; write debug, info, warn or error'],
    [['--quiet', '--log-level', 'info'], '--quiet and --log-level exclude each other; give one of them'],
  ])('%j', async (flags, says) => {
    const { code, stdout, stderr } = await runHere(['watch', ...ARGS, ...flags], NOWHERE);
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: `ecs-dns: ${says}\n` });
  });

  test.each([
    [['--log-format', 'pretty'], '--log-format: "pretty" is not valid; write text or json'],
    [['--log-level', 'all'], '--log-level: "all" is not valid; write debug, info, warn or error'],
    [['--quiet', '--log-level', 'info'], '--quiet and --log-level exclude each other; give one of them'],
  ])('sandbox %j', async (flags, says) => {
    const { code, stdout, stderr } = await runHere(['sandbox', ...flags], NOWHERE);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^ecs-dns: .*\n$/);
    expect(stderr).toContain(says);
  });
});
