import { describe, expect, test } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { addService, newFleet, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type FakeTerminal, runHere } from './support.ts';

const ESCAPE = '\u001b';
const ALL = ['stdin', 'stdout', 'stderr'] as const;
const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];
const CHANGE = 'route53:ChangeResourceRecordSets';
const NOWHERE = 'http://127.0.0.1:9';

/** The command on a fleet with four live and two stale entries. */
async function commandOnFleet() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const before = fleet.zone.list();
  const server = await serve(fleet.world);
  const ecsDns = (command: string, fake: FakeTerminal = {}) => runHere([command, ...ARGS], server.url, fake);
  return { zone: fleet.zone, staleSets, before, server, ecsDns };
}

describe('apply on a terminal', () => {
  test.each(['y\n', 'yes\n', 'Y\n', ' y \n'])(
    'shows what would go, asks, and removes it on %j',
    async (typed) => {
      const { zone, staleSets, before, ecsDns } = await commandOnFleet();

      const { code, stdout, stderr } = await ecsDns('apply', { tty: ALL, onQuestion: (type) => type(typed) });

      expect(code).toBe(0);
      expect(stderr).toContain('To remove: 2 entries');
      expect(stderr).toContain(`Remove 2 entries from ${ZONE_NAME}? [y/N]`);
      expect(stdout).toContain('Removed: 2 entries.\n');
      expect(zone.list()).toEqual(without(before, staleSets));
    },
  );

  test('says where the journal is on a line of its own, which no progress bar is on', async () => {
    const { server } = await commandOnFleet();
    const journal = await temporaryDirectory();

    const { stderr } = await runHere(['apply', '--yes', ...ARGS, '--journal', journal], server.url, {
      tty: ALL,
    });

    const before = stderr.slice(0, stderr.indexOf('ecs-dns: what is removed'));
    expect(before).toContain('clusters read');
    // The bar ends with lines that wrap again; while it stands there they are cut.
    expect(before.lastIndexOf(`${ESCAPE}[?7h`)).toBeGreaterThan(before.lastIndexOf(`${ESCAPE}[?7l`));
  });

  test.each(['n\n', '\n', 'no\n', 'yep\n'])('changes nothing on %j, and ends with 1', async (typed) => {
    const { zone, before, server, ecsDns } = await commandOnFleet();

    const { code, stderr } = await ecsDns('apply', { tty: ALL, onQuestion: (type) => type(typed) });

    expect(code).toBe(1);
    expect(stderr).toMatch(/cancelled, nothing was changed\n$/);
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(zone.list()).toEqual(before);
  });

  test.each<[string, NonNullable<FakeTerminal['onQuestion']>]>([
    ['Ctrl-D', (type) => type('\u0004')],
    ['Ctrl-C', (type) => type('\u0003')],
    ['the end of stdin', (_, hangUp) => hangUp()],
    [
      'the end of stdin after a yes that was not finished',
      (type, hangUp) => {
        type('ye');
        hangUp();
      },
    ],
  ])('%s at the question means no, and ends with 1', async (_, onQuestion) => {
    const { zone, before, server, ecsDns } = await commandOnFleet();

    const { code, stdout, stderr } = await ecsDns('apply', { tty: ALL, onQuestion });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('To remove: 2 entries');
    expect(stderr).toMatch(/cancelled, nothing was changed\n$/);
    expect(server.counts()).not.toHaveProperty(CHANGE);
    expect(zone.list()).toEqual(before);
  });

  test('stopped at the question changes nothing', async () => {
    const { zone, before, ecsDns } = await commandOnFleet();
    const stop = new AbortController();
    const onQuestion = () => stop.abort(new Error('stopped by SIGINT'));

    const { code, stdout, stderr } = await ecsDns('apply', { tty: ALL, onQuestion, signal: stop.signal });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/stopped\n$/);
    expect(zone.list()).toEqual(before);
  });

  test('does not ask when there is nothing to remove', async () => {
    const { staleSets, zone, ecsDns } = await commandOnFleet();
    for (const set of staleSets) zone.delete(set);

    const { code, stdout, stderr } = await ecsDns('apply', { tty: ALL });

    expect(code).toBe(0);
    expect(stdout).toContain('Nothing to remove.');
    expect(stderr).not.toContain('[y/N]');
  });

  test.each([
    { tty: ['stdin', 'stdout'] as const, missing: 'stderr' },
    { tty: ['stdout', 'stderr'] as const, missing: 'stdin' },
  ])('cannot ask without $missing, and sends no request', async ({ tty }) => {
    const { server, ecsDns } = await commandOnFleet();

    const { code, stderr } = await ecsDns('apply', { tty });

    expect(code).toBe(1);
    expect(stderr).toContain('pass --yes');
    expect(server.log).toEqual([]);
  });
});

describe('colours and progress', () => {
  test.each([
    { what: 'a terminal', tty: ALL, env: {}, colours: true, progress: true },
    {
      what: 'a terminal with an empty NO_COLOR',
      tty: ALL,
      env: { NO_COLOR: '' },
      colours: true,
      progress: true,
    },
    { what: 'a terminal with NO_COLOR', tty: ALL, env: { NO_COLOR: '1' }, colours: false, progress: true },
    { what: 'a dumb terminal', tty: ALL, env: { TERM: 'dumb' }, colours: false, progress: false },
    { what: 'no terminal', tty: [], env: {}, colours: false, progress: false },
    { what: 'a pipe for stdout', tty: ['stdin', 'stderr'] as const, env: {}, colours: false, progress: true },
    { what: 'a file for stderr', tty: ['stdin', 'stdout'] as const, env: {}, colours: true, progress: false },
  ])('on $what: colours $colours, progress $progress', async ({ tty, env, colours, progress }) => {
    const { ecsDns } = await commandOnFleet();

    const { code, stdout, stderr } = await ecsDns('plan', { tty, env });

    expect(code).toBe(0);
    expect(stdout.includes(ESCAPE)).toBe(colours);
    expect(stderr.includes('clusters read')).toBe(progress);
    if (!progress) expect(stderr).toBe('');
  });
});

describe('asked about itself', () => {
  test.each([
    { args: ['--version'], says: `${VERSION}\n` },
    { args: ['--help'], says: 'Usage: ecs-dns' },
    { args: ['--help'], says: '\n  explain  ' },
    { args: ['plan', '--help'], says: '--health-timeout' },
    { args: ['apply', '--help'], says: '--yes' },
    { args: ['compare', '--help'], says: '--dry-run' },
    { args: ['sandbox', '--help'], says: '--serve' },
    { args: ['sandbox', '--help'], says: '--policy' },
  ])('$args answers on stdout and asks nobody', async ({ args, says }) => {
    const { server } = await commandOnFleet();

    const { code, stdout, stderr } = await runHere(args, server.url);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(says);
    expect(server.log).toEqual([]);
  });
});

describe('what is told on stderr', () => {
  const args = ['plan', '--zone', 'a.b', '--health-timeout', '2x', '--zoon', 'c'];

  test('is broken between words where the terminal is narrow, each problem under its own mark', async () => {
    const { stderr } = await runHere(args, NOWHERE, { tty: ['stderr'], columns: 40, env: { NO_COLOR: '1' } });
    const lines = stderr.trimEnd().split('\n');

    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(40);
    expect(lines.filter((line) => line.startsWith('ecs-dns: '))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('  ')).length).toBeGreaterThan(1);
  });

  test.each([
    ['a file', []],
    ['a terminal that tells no width', ['stderr'] as const],
  ])('is a line a problem in %s', async (_, tty) => {
    const { stderr } = await runHere(args, NOWHERE, { tty, env: { NO_COLOR: '1' } });

    expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  });
});
