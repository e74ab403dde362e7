import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { examineJournal } from '../../src/doctor/examine-storage.ts';
import { serve } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { examine, twoClusters } from './support.ts';

const REMEDY = 'set journal to a directory that the worker may write to, to stderr, or to none';

describe('a directory', () => {
  test.each(['.', 'journal', 'a/b/journal'])(
    'at %s that is there, or can be made, is ok, and not made',
    async (name) => {
      const folder = await temporaryDirectory();
      const path = join(folder, name);

      expect(await examineJournal({ kind: 'directory', path }, {})).toEqual({ status: 'ok', detail: path });
      expect(await readdir(folder)).toEqual([]);
    },
  );

  test.each([
    ['that is a file', 'file', /file is no directory$/],
    ['below a file', 'file/journal', /ENOTDIR|is no directory/],
  ])('%s fails', async (_, name, detail) => {
    const folder = await temporaryDirectory();
    await writeFile(join(folder, 'file'), '');

    expect(await examineJournal({ kind: 'directory', path: join(folder, name) }, {})).toEqual({
      status: 'fail',
      detail: expect.stringMatching(detail),
      remedy: REMEDY,
    });
  });
});

test('the default is the directory that a run would write to', async () => {
  const HOME = await temporaryDirectory();

  expect(await examineJournal({ kind: 'default' }, { HOME })).toEqual({
    status: 'ok',
    detail: join(HOME, '.local/state/ecs-dns/journal'),
  });
});

test('the default without a place fails', async () => {
  expect(await examineJournal({ kind: 'default' }, {})).toEqual({
    status: 'fail',
    detail: 'neither XDG_STATE_HOME nor HOME is set',
    remedy: REMEDY,
  });
});

test.each([
  ['stderr', 'ok', 'stderr'],
  ['none', 'skip', 'journal is none: what is removed is not written down'],
] as const)('%s is %s', async (kind, status, detail) => {
  expect(await examineJournal({ kind }, {})).toEqual({ status, detail });
});

test('the command looks at the place that its own variables name', async () => {
  const XDG_STATE_HOME = await temporaryDirectory();
  const server = await serve((await twoClusters({ kind: 'healthy' })).world);

  const { of } = await examine(server, [], { env: { ECS_DNS_JOURNAL: undefined, XDG_STATE_HOME } });

  expect(of('journal')).toBe(`ok: ${XDG_STATE_HOME}/ecs-dns/journal`);
});
