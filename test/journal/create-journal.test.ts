import { type FileHandle, open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createJournal, defaultDirectory, type JournalContext } from '../../src/journal/create-journal.ts';
import { parseJournal } from '../../src/journal/parse-journal.ts';
import type { ChangeOutcome } from '../../src/model/change.ts';
import type { JournalLocation } from '../../src/model/journal-location.ts';
import { recordSetKey } from '../../src/model/record-set.ts';
import { outcomeKey } from '../../src/model/removal.ts';
import { RunError } from '../../src/model/run-error.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { CLOCK, groupOf, srv, TIME, ZONE } from './support.ts';

afterEach(() => vi.restoreAllMocks());

const [ONE, TWO] = [groupOf(srv('one')), groupOf(srv('two', ['1 1 1 a', '1 1 2 b']), ['1 1 2 b'])];
const APPLIED = { status: 'applied' } as const;

function openJournal(location: JournalLocation, context: Partial<JournalContext> = {}) {
  const [warnings, opened]: [string[], string[]] = [[], []];
  const journal = createJournal(location, {
    env: {},
    stderr: new PassThrough(),
    clock: CLOCK,
    report: (detail) => warnings.push(detail),
    opened: (path) => opened.push(path),
    ...context,
  });
  return { journal, warnings, opened };
}

async function directoryJournal(...below: readonly string[]) {
  const path = join(await temporaryDirectory(), ...below);
  return { path, ...openJournal({ kind: 'directory', path }) };
}

async function linesOf(path: string): Promise<readonly unknown[]> {
  return (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('a journal in a directory', () => {
  test('is a file for its owner alone, made with the directories above it, named by time and zone', async () => {
    const { path, journal, opened } = await directoryJournal('not', 'there');

    await journal.write(ZONE, [ONE, TWO]);

    expect(await readdir(path)).toEqual([
      expect.stringMatching(/^20300102T030405\.678Z-Z1-[0-9a-f]{8}\.jsonl$/),
    ]);
    const [name = ''] = await readdir(path);
    expect(opened).toEqual([join(path, name)]);
    expect((await stat(join(path, name))).mode & 0o777).toBe(0o600);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
    expect(parseJournal(await readFile(join(path, name), 'utf8'), name).removals).toMatchObject([
      { zone: ZONE, recordSet: srv('one'), reasons: ['task-gone'], time: TIME },
      { recordSet: srv('two', ['1 1 1 a', '1 1 2 b']), replacedBy: srv('two', ['1 1 2 b']) },
    ]);
  });

  test('is not there before there is something to write', async () => {
    const { path, journal, opened } = await directoryJournal('journal');

    await journal.settle(new Map());
    await journal.write(ZONE, []);

    await expect(stat(path)).rejects.toThrow(/ENOENT/);
    expect(opened).toEqual([]);
  });

  test('gets how it ended, and all of a second attempt, in the one file of the run', async () => {
    const { path, journal, opened } = await directoryJournal();
    const conflict = { status: 'conflict', detail: 'was changed' } as const;

    await journal.write(ZONE, [ONE, TWO]);
    await journal.settle(
      new Map<string, ChangeOutcome>([
        [ONE.key, APPLIED],
        [TWO.key, conflict],
      ]),
    );
    const again = groupOf(srv('two', ['1 1 1 a', '1 1 2 b', '1 1 3 c']), ['1 1 2 b', '1 1 3 c']);
    await journal.write(ZONE, [again]);
    await journal.settle(new Map([[again.key, APPLIED]]));

    expect(await readdir(path)).toHaveLength(1);
    expect(opened).toHaveLength(1);
    const [file = ''] = opened;
    expect(await linesOf(file)).toMatchObject([
      { kind: 'removal', recordSet: srv('one') },
      { kind: 'removal', recordSet: { SetIdentifier: 'two:0123456789ab' } },
      { kind: 'outcome', status: 'applied', setIdentifier: 'one:0123456789ab', zone: ZONE },
      { kind: 'outcome', status: 'conflict', detail: 'was changed', setIdentifier: 'two:0123456789ab' },
      { kind: 'removal', recordSet: again.changes[0]?.recordSet },
      { kind: 'outcome', status: 'applied', setIdentifier: 'two:0123456789ab' },
    ]);
    const { outcomes } = parseJournal(await readFile(file, 'utf8'), file);
    expect(outcomes.get(outcomeKey('Z1', recordSetKey(srv('two'))))).toMatchObject(APPLIED);
  });

  test('is one of its own for each of many runs at the same moment', async () => {
    const path = await temporaryDirectory();
    const runs = Array.from({ length: 20 }, () => openJournal({ kind: 'directory', path }));

    await Promise.all(runs.map(({ journal }) => journal.write(ZONE, [ONE])));

    expect(new Set(runs.flatMap(({ opened }) => opened)).size).toBe(20);
    expect(await readdir(path)).toHaveLength(20);
  });

  test('is on the disk, and so is its name, before it is told of', async () => {
    const path = await temporaryDirectory();
    const file = await open(join(path, 'sample'), 'w');
    const synced: number[] = [];
    const handles = Object.getPrototypeOf(file) as FileHandle;
    const sync: (this: FileHandle) => Promise<void> = Reflect.get(handles, 'sync');
    vi.spyOn(handles, 'sync').mockImplementation(async function (this: FileHandle) {
      synced.push((await this.stat()).mode);
      return sync.call(this);
    });
    await file.close();
    const syncedWhenOpened: number[] = [];
    const { journal } = openJournal(
      { kind: 'directory', path: join(path, 'a', 'b') },
      { opened: () => syncedWhenOpened.push(synced.length) },
    );

    await journal.write(ZONE, [ONE]);

    const isDirectory = (mode: number) => (mode & 0o170000) === 0o040000;
    // The file, the two directories that were made, and the one that was there.
    expect(synced.map(isDirectory)).toEqual([false, true, true, true]);
    expect(syncedWhenOpened).toEqual([4]);
  });

  test('overwrites what an attempt that failed has left half done', async () => {
    const { journal, opened, warnings } = await directoryJournal();
    await journal.write(ZONE, [ONE]);
    const [path = ''] = opened;
    const whole = await readFile(path, 'utf8');
    await writeFile(path, `${whole}{"version":1,"kin`);

    await journal.settle(new Map([[ONE.key, APPLIED]]));

    expect(await linesOf(path)).toMatchObject([{ kind: 'removal' }, { kind: 'outcome' }]);
    expect(warnings).toEqual([]);
  });

  test('that cannot be made is an error that names the setting, the value and what to do', async () => {
    const folder = await temporaryDirectory();
    await writeFile(join(folder, 'file'), '');
    const path = join(folder, 'file', 'journal');
    const { journal, opened } = openJournal({ kind: 'directory', path });

    const error: unknown = await journal.write(ZONE, [ONE]).catch((reason: unknown) => reason);

    expect(error).toBeInstanceOf(RunError);
    expect(error).toMatchObject({ code: 'journal' });
    expect(String(error)).toMatch(
      /journal: \S+\/file\/journal cannot be written \(Error: ENOTDIR.*\), and nothing is removed without it: set --journal, ECS_DNS_JOURNAL or journal in a config file to a directory that can be written, to stderr, or to none$/,
    );
    expect(opened).toEqual([]);
  });

  test('that cannot be added to is told, and no error', async () => {
    const { path, journal, opened, warnings } = await directoryJournal();
    await journal.write(ZONE, [ONE]);
    const [file = ''] = opened;
    await rename(file, join(path, 'elsewhere'));

    await journal.settle(new Map([[ONE.key, APPLIED]]));

    expect(warnings).toEqual([
      expect.stringMatching(/^journal: how the changes ended could not be added to .*ENOENT/),
    ]);
  });
});

describe('the default', () => {
  test.each([
    ['XDG_STATE_HOME', { XDG_STATE_HOME: '/state', HOME: '/home/me' }, '/state/ecs-dns/journal'],
    ['HOME', { HOME: '/home/me' }, '/home/me/.local/state/ecs-dns/journal'],
    [
      'HOME, where the other is relative',
      { XDG_STATE_HOME: 'state', HOME: '/h' },
      '/h/.local/state/ecs-dns/journal',
    ],
    ['neither', { HOME: '' }, undefined],
  ])('follows from %s', (_, env, path) => {
    expect(defaultDirectory(env)).toBe(path);
  });

  test('is where a run writes', async () => {
    const XDG_STATE_HOME = await temporaryDirectory();
    const { journal, opened } = openJournal({ kind: 'default' }, { env: { XDG_STATE_HOME } });

    await journal.write(ZONE, [ONE]);

    expect(opened[0]).toMatch(`${XDG_STATE_HOME}/ecs-dns/journal/20300102`);
  });

  test('without a place is an error, once there is something to write', async () => {
    const { journal } = openJournal({ kind: 'default' });

    await journal.write(ZONE, []);
    await expect(journal.write(ZONE, [ONE])).rejects.toThrow(
      /^journal: there is no place for it, because neither XDG_STATE_HOME nor HOME .*nothing is removed without it: set --journal/,
    );
  });
});

describe('a journal on stderr', () => {
  test('is the same lines', async () => {
    const stderr = new PassThrough({ encoding: 'utf8' });
    const { journal } = openJournal({ kind: 'stderr' }, { stderr });

    await journal.write(ZONE, [ONE]);
    await journal.settle(new Map([[ONE.key, APPLIED]]));

    const text: string = stderr.read();
    expect(
      text
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).kind),
    ).toEqual(['removal', 'outcome']);
  });

  test('that is closed is an error', async () => {
    const stderr = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
    stderr.on('error', () => {});

    await expect(openJournal({ kind: 'stderr' }, { stderr }).journal.write(ZONE, [ONE])).rejects.toThrow(
      /^journal: stderr cannot be written \(Error: EPIPE\)/,
    );
  });
});

test('none keeps nothing, and never fails', async () => {
  const { journal, warnings } = openJournal({ kind: 'none' });

  await journal.write(ZONE, [ONE]);
  await journal.settle(new Map([[ONE.key, APPLIED]]));

  expect(warnings).toEqual([]);
});
