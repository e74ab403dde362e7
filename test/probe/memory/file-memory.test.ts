import { link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HealthHistory } from '../../../src/model/health-history.ts';
import { fileMemory } from '../../../src/probe/memory/file-memory.ts';

const HISTORY: HealthHistory = new Map([
  [`${'a'.repeat(64)} 8080/tcp`, { failing: 2, passing: 0 }],
  ['arn:aws:ecs:us-east-1:123456789012:task/blue/1/app 53/udp', { failing: 3, passing: 1 }],
]);

async function directory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ecs-dns-memory-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A memory in a file of a fresh directory, with what it complains of. */
async function memoryIn(...path: readonly string[]) {
  const folder = await directory();
  const file = join(folder, ...path);
  const warnings: string[] = [];
  return { folder, file, warnings, memory: fileMemory(file, (detail) => void warnings.push(detail)) };
}

describe('a memory in a file', () => {
  it('is empty, without a complaint, before the first run', async () => {
    const { memory, warnings } = await memoryIn('memory.json');
    expect(await memory.load(undefined)).toEqual(new Map());
    expect(warnings).toEqual([]);
  });

  it('gives back what was saved, in whatever folder', async () => {
    const { memory, warnings } = await memoryIn('deep', 'down', 'memory.json');
    await memory.save(HISTORY, undefined);
    expect(await memory.load(undefined)).toEqual(HISTORY);
    expect(warnings).toEqual([]);
  });

  it('keeps the form that is written down', async () => {
    const { memory, file } = await memoryIn('memory.json');
    await memory.save(new Map([['c 80/tcp', { failing: 1, passing: 0 }]]), undefined);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ version: 1, records: { 'c 80/tcp': [1, 0] } });
  });

  it('is replaced as a whole, and leaves nothing else behind', async () => {
    const { memory, folder } = await memoryIn('memory.json');
    await memory.save(HISTORY, undefined);
    await memory.save(new Map(), undefined);
    expect(await memory.load(undefined)).toEqual(new Map());
    expect(await readdir(folder)).toEqual(['memory.json']);
  });

  it('is written beside the old one, which stays whole until it is replaced', async () => {
    const { memory, file, folder } = await memoryIn('memory.json');
    await memory.save(HISTORY, undefined);
    await link(file, join(folder, 'old.json'));
    await memory.save(new Map(), undefined);
    expect(await fileMemory(join(folder, 'old.json'), () => {}).load(undefined)).toEqual(HISTORY);
    expect(await memory.load(undefined)).toEqual(new Map());
  });

  it('is one whole state or another, however many write at once', async () => {
    const { memory, file, folder, warnings } = await memoryIn('memory.json');
    const states = Array.from(
      { length: 20 },
      (_, n) =>
        new Map(Array.from({ length: 50 }, (_one, i) => [`c${i} 80/tcp`, { failing: n, passing: 0 }])),
    );
    await Promise.all(states.map((state) => memory.save(state, undefined)));
    const kept = await fileMemory(file, () => {}).load(undefined);
    expect(states).toContainEqual(kept);
    expect(await readdir(folder)).toEqual(['memory.json']);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['nothing', ''],
    ['half of a document', '{"version":1,"records":{"c 80/tcp":[1'],
    ['no document', 'not JSON'],
    ['another version', '{"version":2,"records":{}}'],
    ['no version', '{"records":{}}'],
    ['counts that are none', '{"version":1,"records":{"c 80/tcp":[-1,0]}}'],
    ['counts that are texts', '{"version":1,"records":{"c 80/tcp":["1","0"]}}'],
    ['too few counts', '{"version":1,"records":{"c 80/tcp":[1]}}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['bytes that are no text', '\u0000\uffff'],
  ])('that holds %s is started over, with one line of complaint', async (_, text) => {
    const { memory, file, warnings } = await memoryIn('memory.json');
    await writeFile(file, text);

    expect(await memory.load(undefined)).toEqual(new Map());
    expect(warnings).toEqual([expect.stringMatching(/^health\.memory: .*memory\.json cannot be used.*$/)]);

    await memory.save(HISTORY, undefined);
    expect(await memory.load(undefined)).toEqual(HISTORY);
  });

  it('with a name of the language for a key is just that', async () => {
    const { memory, file } = await memoryIn('memory.json');
    await writeFile(file, '{"version":1,"records":{"constructor":[1,0],"__proto__":[9,9]}}');
    const history = await memory.load(undefined);
    expect(history.get('constructor')).toEqual({ failing: 1, passing: 0 });
    expect(Object.getPrototypeOf({})).not.toHaveProperty('0');
  });

  it('that is a directory can be neither read nor written, and both are said', async () => {
    const { memory, file, folder, warnings } = await memoryIn('memory.json');
    await mkdir(file);
    expect(await memory.load(undefined)).toEqual(new Map());
    await memory.save(HISTORY, undefined);
    expect(warnings).toEqual([
      expect.stringContaining('cannot be used'),
      expect.stringContaining('cannot be written'),
    ]);
    expect(await readdir(folder)).toEqual(['memory.json']);
  });

  it('below what is no directory can be neither read nor written, and nothing is thrown', async () => {
    const { folder, warnings } = await memoryIn('memory.json');
    await writeFile(join(folder, 'file'), '');
    const memory = fileMemory(join(folder, 'file', 'memory.json'), (detail) => void warnings.push(detail));
    expect(await memory.load(undefined)).toEqual(new Map());
    await memory.save(HISTORY, undefined);
    expect(warnings).toEqual([
      expect.stringMatching(/^health\.memory: .*cannot be used.*ENOTDIR/),
      expect.stringMatching(/^health\.memory: .*cannot be written/),
    ]);
  });

  it('where nobody may write is a complaint, and leaves no draft', async () => {
    const warnings: string[] = [];
    const memory = fileMemory('/proc/ecs-dns-memory.json', (detail) => void warnings.push(detail));
    await memory.save(HISTORY, undefined);
    expect(warnings).toEqual([expect.stringContaining('cannot be written')]);
    expect((await readdir('/proc')).filter((name) => name.startsWith('ecs-dns'))).toEqual([]);
  });
});
