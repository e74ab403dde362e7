import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EMPTY_STATE, type RunState } from '../../src/model/run-state.ts';
import { NO_STATES, withZone } from '../../src/model/zone-states.ts';
import { fileState } from '../../src/state/file-state.ts';
import { encodeStates } from '../../src/state/stored-state.ts';

const STATE: RunState = {
  ...EMPTY_STATE,
  health: new Map([
    [`${'a'.repeat(64)} 8080/tcp`, { failing: 2, passing: 0 }],
    ['arn:aws:ecs:us-east-1:123456789012:task/blue/1/app 53/udp', { failing: 3, passing: 1 }],
  ]),
  lastRun: { id: 'run-1', startedAt: 1, finishedAt: 2 },
};

const STATES = withZone(NO_STATES, 'Z1', STATE);

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ecs-dns-state-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A state in a file of a fresh directory, with what it complains of. */
async function stateIn(...path: readonly string[]) {
  const folder = await directory();
  const file = join(folder, ...path);
  const warnings: string[] = [];
  return { folder, file, warnings, store: fileState(file, (detail) => void warnings.push(detail)) };
}

describe('a state in a file', () => {
  it('is empty, without a complaint, before the first run', async () => {
    const { store, warnings } = await stateIn('state.json');
    expect(await store.load(undefined)).toEqual(NO_STATES);
    expect(warnings).toEqual([]);
  });

  it('gives back what was saved, in whatever folder', async () => {
    const { store, warnings } = await stateIn('deep', 'down', 'state.json');
    await store.save('Z1', STATE, undefined);
    expect(await store.load(undefined)).toEqual(STATES);
    expect(warnings).toEqual([]);
  });

  it('keeps the form that is written down', async () => {
    const { store, file } = await stateIn('state.json');
    await store.save('Z1', STATE, undefined);
    expect(await readFile(file, 'utf8')).toBe(encodeStates(STATES));
  });

  it('keeps what runs over other zones have left there, for a week', async () => {
    const { store } = await stateIn('state.json');
    const at = (finishedAt: number) => ({ ...STATE, lastRun: { id: 'x', startedAt: 1, finishedAt } });
    await store.save('Z1', at(2), undefined);
    await store.save('Z2', at(3), undefined);
    expect([...(await store.load(undefined)).zones.keys()]).toEqual(['Z1', 'Z2']);
    await store.save('Z2', at(8 * 24 * 3_600_000), undefined);
    expect([...(await store.load(undefined)).zones.keys()]).toEqual(['Z2']);
  });

  it('is replaced as a whole, and leaves nothing else behind', async () => {
    const { store, folder } = await stateIn('state.json');
    await store.save('Z1', STATE, undefined);
    await store.save('Z1', EMPTY_STATE, undefined);
    expect(await store.load(undefined)).toEqual(withZone(NO_STATES, 'Z1', EMPTY_STATE));
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('is written next to the old one, which stays whole until it is replaced', async () => {
    const { store, file, folder } = await stateIn('state.json');
    await store.save('Z1', STATE, undefined);
    await link(file, join(folder, 'old.json'));
    await store.save('Z1', EMPTY_STATE, undefined);
    expect(await fileState(join(folder, 'old.json'), () => {}).load(undefined)).toEqual(STATES);
    expect(await store.load(undefined)).toEqual(withZone(NO_STATES, 'Z1', EMPTY_STATE));
  });

  it('is one whole state or another, however many write at once', async () => {
    const { store, file, folder, warnings } = await stateIn('state.json');
    const states = Array.from(
      { length: 20 },
      (_, n) =>
        ({
          ...EMPTY_STATE,
          health: new Map(
            Array.from({ length: 50 }, (_one, i) => [`c${i} 80/tcp`, { failing: n, passing: 0 }]),
          ),
        }) satisfies RunState,
    );
    await Promise.all(states.map((state) => store.save('Z1', state, undefined)));
    const kept = await fileState(file, () => {}).load(undefined);
    expect(states.map((state) => withZone(NO_STATES, 'Z1', state))).toContainEqual(kept);
    expect(await readdir(folder)).toEqual(['state.json']);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['half of a document', encodeStates(STATES).slice(0, 40)],
    ['the document of another program', '{"version":1,"records":{}}'],
    ['bytes that are no text', '\u0000\uffff'],
  ])('that holds %s is started over, with one line of complaint', async (_, text) => {
    const { store, file, warnings } = await stateIn('state.json');
    await writeFile(file, text);

    expect(await store.load(undefined)).toEqual(NO_STATES);
    expect(warnings).toEqual([expect.stringMatching(/^state: .*state\.json cannot be used.*$/)]);

    await store.save('Z1', STATE, undefined);
    expect(await store.load(undefined)).toEqual(STATES);
  });

  it('that is a directory can be neither read nor written, and both are said', async () => {
    const { store, file, folder, warnings } = await stateIn('state.json');
    await mkdir(file);
    expect(await store.load(undefined)).toEqual(NO_STATES);
    await store.save('Z1', STATE, undefined);
    expect(warnings).toEqual([
      expect.stringContaining('cannot be used'),
      expect.stringContaining('cannot be written'),
    ]);
    expect(await readdir(folder)).toEqual(['state.json']);
  });

  it('below what is no directory can be neither read nor written, and nothing is thrown', async () => {
    const { folder, warnings } = await stateIn('state.json');
    await writeFile(join(folder, 'file'), '');
    const store = fileState(join(folder, 'file', 'state.json'), (detail) => void warnings.push(detail));
    expect(await store.load(undefined)).toEqual(NO_STATES);
    await store.save('Z1', STATE, undefined);
    expect(warnings).toEqual([
      expect.stringMatching(/^state: .*cannot be used.*ENOTDIR/),
      expect.stringMatching(/^state: .*cannot be written/),
    ]);
  });

  it('where the worker may not write is a complaint, and leaves no draft', async () => {
    const warnings: string[] = [];
    const store = fileState('/proc/ecs-dns-state.json', (detail) => void warnings.push(detail));
    await store.save('Z1', STATE, undefined);
    expect(warnings).toEqual([expect.stringContaining('cannot be written')]);
    expect((await readdir('/proc')).filter((name) => name.startsWith('ecs-dns'))).toEqual([]);
  });
});
