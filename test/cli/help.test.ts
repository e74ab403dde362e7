import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { SETTING_USES, type SettingName } from '../../src/cli/setting-uses.ts';
import { TEXT_SETTINGS } from '../../src/config/setting-paths.ts';
import { runHere } from './support.ts';

const NOWHERE = 'http://127.0.0.1:1';
const PAGES = ['', ...COMMANDS.flatMap(({ name }) => [name, `${name} --all`])];

async function helpOf(page: string, columns?: number): Promise<string> {
  const args = [...page.split(' ').filter(Boolean), '--help'];
  const { code, stdout, stderr } = await runHere(args, NOWHERE, columns === undefined ? {} : { columns });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return stdout;
}

const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

describe.each(PAGES)('ecs-dns %s --help', (page) => {
  test('fits into 80 columns, and into those of a terminal up to 100', async () => {
    const plain = await helpOf(page);
    expect(plain.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(await helpOf(page, 80)).toBe(plain);
    const wide = await helpOf(page, 250);
    expect(widest(wide)).toBeLessThanOrEqual(100);
    expect(wide.split('\n').length).toBeLessThanOrEqual(plain.split('\n').length);
  });

  test('has no line for the twin of an option', async () => {
    expect(await helpOf(page)).not.toMatch(/^ +--no-/m);
  });
});

describe.each(COMMANDS.filter(({ name }) => name !== 'sandbox'))('$name --help --all', ({ name }) => {
  test('lists the settings that the command uses, and no others', async () => {
    const help = await helpOf(`${name} --all`);
    const flags = new Set(
      [...help.matchAll(/^ {2}(?:-\w, )?--(?:\[no-\])?([\w-]+)/gm)].map(([, flag]) => `--${flag}`),
    );
    const listed = TEXT_SETTINGS.filter(({ flag, shortFlag = flag }) => flags.has(shortFlag)).map(
      (one) => one.name,
    );
    const used = TEXT_SETTINGS.filter((one) =>
      SETTING_USES[one.name as SettingName].commands.some((command) => command === name),
    ).map((one) => one.name);
    expect(listed).toEqual(used);
  });

  test('has all that the short help has', async () => {
    const long = await helpOf(`${name} --all`);
    const heads = [...(await helpOf(name)).matchAll(/^ {2}(--\S+)/gm)].map(([, flag = '']) => flag);
    for (const flag of heads) expect(long).toContain(`  ${flag}`);
  });
});

test('the short help of a run says how many settings it leaves out, and how to see them', async () => {
  const [short, long] = [await helpOf('plan'), await helpOf('plan --all')];
  const [, count] = /^(\d+) more settings: ecs-dns plan --help --all$/m.exec(short) ?? [];
  const linesOf = (text: string) => [...text.matchAll(/^ {2}--/gm)].length;
  expect(linesOf(long) - linesOf(short)).toBe(Number(count));
  expect(long).not.toContain('more settings');
});

test('only what has no zone of its own asks for one', async () => {
  expect(await helpOf('plan')).toMatch(/--zone <zone>.*\(required\)/s);
  expect((await helpOf('restore')).replace(/\s+/g, ' ')).toContain('(that of the journal)');
});

test.each([['help'], ['--help']])('%s lists the commands', async (...args) => {
  const { code, stdout } = await runHere(args, NOWHERE);
  expect(code).toBe(0);
  for (const { name, summary } of COMMANDS) expect(stdout).toContain(`  ${name.padEnd(9)}${summary}`);
});

test('a comparison names the policy that it switches to unless told otherwise', async () => {
  const policy = async (page: string) =>
    /--policy <policy>([^-]+?\))/.exec(await helpOf(page))?.[1]?.replaceAll(/\s+/g, ' ');

  expect(await policy('compare')).toMatch(/\(default sync\)$/);
  expect(await policy('plan')).toMatch(/\(default prune\)$/);
});

test('help of a command is its --help', async () => {
  expect((await runHere(['help', 'iam'], NOWHERE)).stdout).toBe(await helpOf('iam'));
});
