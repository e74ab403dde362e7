import { execFileSync } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { addService, cliEnv, newFleet, runCli, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];
const LOST =
  /^ecs-dns: stdout cannot be written \(Error: (?:ENOSPC|EFBIG): [^\n]*\), and what it was to tell is lost: [^\n]*\n$/;

async function fleetWithStale() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const { url } = await serve(fleet.world);
  return { zone: fleet.zone, staleSets, before: fleet.zone.list(), env: cliEnv(url) };
}

/** A descriptor of a file, open until the test is over. */
function opened(path: string): number {
  const fd = openSync(path, 'w');
  onTestFinished(() => closeSync(fd));
  return fd;
}

describe('a full disk behind stdout is one line on stderr and exit code 1', () => {
  test.each([[['plan']], [['plan', '--output', 'json']], [['--help']], [['apply', '--help']]])(
    '%j',
    async (args) => {
      const { env } = await fleetWithStale();
      const command = args.includes('--help') ? args : [...args, ...ARGS];

      const { code, stderr } = await runCli(command, env, undefined, { stdout: opened('/dev/full') });

      expect(stderr).toMatch(LOST);
      expect(code).toBe(1);
    },
  );

  test('also where the changes were made', async () => {
    const { zone, staleSets, before, env } = await fleetWithStale();

    const { code, stderr } = await runCli(['apply', '--yes', ...ARGS], env, undefined, {
      stdout: opened('/dev/full'),
    });

    expect(zone.list()).toEqual(without(before, staleSets));
    expect(stderr).toMatch(LOST);
    expect(code).toBe(1);
  });

  test('also where it takes the first part of the report and not the rest', async () => {
    const { env } = await fleetWithStale();
    const path = join(await temporaryDirectory(), 'report.json');

    const { code, stderr } = await runCli(
      ['plan', '--all', '--output', 'json', ...ARGS],
      env,
      (child) => void execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=1000:1000']),
      { stdout: opened(path) },
    );

    expect(statSync(path).size).toBe(1000);
    expect(stderr).toMatch(LOST);
    expect(code).toBe(1);
  });
});

describe('a full disk behind stderr', () => {
  test('loses what it was to tell, and nothing else', async () => {
    const { env } = await fleetWithStale();

    const { code, stdout } = await runCli(['plan', '--zone', 'no.such.zone'], env, undefined, {
      stderr: opened('/dev/full'),
    });

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test.each([
    { what: 'no line', limit: undefined },
    { what: 'half a line', limit: 100 },
  ])('with the journal there: where it takes $what, nothing is changed', async ({ limit }) => {
    const { zone, before, env } = await fleetWithStale();
    const path = limit === undefined ? '/dev/full' : join(await temporaryDirectory(), 'journal.jsonl');

    const { code } = await runCli(
      ['apply', '--yes', '--journal', 'stderr', ...ARGS],
      env,
      (child) => {
        if (limit !== undefined)
          execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${limit}:${limit}`]);
      },
      { stderr: opened(path) },
    );

    expect(code).toBe(1);
    expect(zone.list()).toEqual(before);
  });
});
