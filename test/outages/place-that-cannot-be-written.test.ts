import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, serve, without, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ARGS = ['apply', '--yes', '--zone', ZONE_NAME, '--no-health-enabled'];

async function fleetWithStale() {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  return { zone: fleet.zone, staleSets, before: fleet.zone.list(), server };
}

/** A folder with a file, a FIFO, a link to itself and one to nowhere. */
async function folderOfObstacles(): Promise<string> {
  const folder = await temporaryDirectory();
  await writeFile(join(folder, 'file'), '');
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  await symlink('loop', join(folder, 'loop'));
  await symlink(join(folder, 'no', 'where'), join(folder, 'dangling'));
  return folder;
}

const PLACES = [
  { what: 'a folder of /proc, which is not found and cannot be made', place: '/proc/nosuch/x' },
  { what: 'one far below it', place: '/proc/nosuch/a/b/c' },
  { what: 'one of a process', place: '/proc/self/x' },
  { what: 'one below a device', place: '/dev/null/x' },
  { what: 'a file', place: 'file/' },
  { what: 'one below a file', place: 'file/x' },
  { what: 'one far below a file', place: 'file/a/b' },
  { what: 'a FIFO', place: 'fifo/' },
  { what: 'one below a FIFO', place: 'fifo/x' },
  { what: 'one below a link to itself', place: 'loop/x' },
  { what: 'one below a link to nowhere', place: 'dangling/x/y' },
  { what: 'a name that is too long', place: `${'n'.repeat(256)}/x` },
  { what: 'a path that is too long', place: `${'deep/'.repeat(1000)}x` },
];

describe('a journal that cannot be written is one line, and nothing is changed', () => {
  test.each(PLACES)('$what', async ({ place }) => {
    const { zone, before, server } = await fleetWithStale();
    const path = place.startsWith('/') ? place : `${await folderOfObstacles()}/${place}`;

    const { code, stdout, stderr } = await runHere([...ARGS, '--journal', path], server.url);

    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      /^ecs-dns: journal: [^\n]* cannot be written \([^\n]+\), and nothing is removed without it: set --journal, ECS_DNS_JOURNAL or journal in a config file to [^\n]+\n$/,
    );
    expect(stderr).toContain(path);
    expect(server.counts()).not.toHaveProperty('route53:ChangeResourceRecordSets');
    expect(zone.list()).toEqual(before);
  });

  test('but directories that are not there yet are made', async () => {
    const { zone, staleSets, before, server } = await fleetWithStale();
    const folder = await temporaryDirectory();
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));

    const { code } = await runHere(
      [...ARGS, '--journal', join(folder, 'link', '..', 'link', 'a', 'b')],
      server.url,
    );

    expect(code).toBe(0);
    expect(zone.list()).toEqual(without(before, staleSets));
  });
});

describe('a state that cannot be written is told, and the run is not kept from its work', () => {
  test.each(PLACES)('$what', async ({ place }) => {
    const { zone, staleSets, before, server } = await fleetWithStale();
    const path = place.startsWith('/') ? place : `${await folderOfObstacles()}/${place}`;

    const { code, stdout } = await runHere([...ARGS, '--state', `${path}/state.json`], server.url);

    expect(code).toBe(0);
    expect(stdout).toMatch(/worker +state: .* cannot be (?:written|used and is started over)/);
    expect(zone.list()).toEqual(without(before, staleSets));
  });
});

test.each(['fifo', '/dev/zero', '/dev/tty'])(
  'a file that is read to its end is not waited for at %s',
  async (place) => {
    const { server } = await fleetWithStale();
    const path = place.startsWith('/') ? place : join(await folderOfObstacles(), place);

    const restored = await runHere(['restore', path, '--dry-run'], server.url);
    const planned = await runHere(['plan', '--zone', ZONE_NAME, '--config', path], server.url);

    expect(restored).toMatchObject({
      code: 1,
      stderr: `ecs-dns: ${path}: it is no file: name one that apply or watch has written\n`,
    });
    expect(planned).toMatchObject({
      code: 1,
      stderr: `ecs-dns: ${path}: can't be read (a FIFO or a device); name a readable file with --config\n`,
    });
  },
);
