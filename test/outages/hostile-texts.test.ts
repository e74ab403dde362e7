import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** Clears the screen, in both spellings; goes up a line; turns the reading direction; hides; and claims a line. */
const HOSTILE = 'x\u001b[2J\u009b1A\u202e\u2066\u200b\u00ad\u2028\u{e0041}y';
const SHOWN = 'x\\u001b[2J\\u009b1A\\u202e\\u2066\\u200b\\u00ad\\u2028\\udb40\\udc41y';
const UNSAFE = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];

async function commandOnFleet() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  return { zone: fleet.zone, server };
}

describe('what AWS says reaches a terminal only as text', () => {
  test.each(['text', 'json'])('on stderr and, with --output %s, in the report', async (output) => {
    const { server } = await commandOnFleet();
    const effect = { kind: 'error', code: 'AccessDeniedException', message: HOSTILE, status: 400 } as const;
    server.addFault({ operation: 'ecs:ListClusters', effect });

    const { code, stdout, stderr } = await runHere(['plan', '--output', output, ...ARGS], server.url);

    expect(code).toBe(1);
    expect(stderr).toContain(SHOWN.replace('\\u2028', ' '));
    expect(stderr).not.toMatch(UNSAFE);
    expect(stderr.trim()).not.toContain('\n');
    expect(stdout).not.toMatch(UNSAFE);
  });

  test('in the line of a run that cannot begin', async () => {
    const { server } = await commandOnFleet();
    const effect = { kind: 'error', code: 'AccessDenied', message: HOSTILE, status: 403 } as const;
    server.addFault({ operation: 'route53:ListHostedZonesByName', effect });

    const { stderr } = await runHere(['plan', ...ARGS], server.url);

    expect(stderr).toMatch(/^ecs-dns: [^\n]*\\u001b\[2J[^\n]*\n$/);
    expect(stderr).not.toMatch(UNSAFE);
  });
});

describe('a file with a hostile name or content', () => {
  test.each([
    { what: 'a journal', args: (path: string) => ['restore', path, '--dry-run'] },
    { what: 'a config file', args: (path: string) => ['plan', '--config', path] },
  ])('$what is told in one line', async ({ args }) => {
    const { server } = await commandOnFleet();
    const path = join(await temporaryDirectory(), `${HOSTILE}\necs-dns: all is well`);

    const { code, stderr } = await runHere([...args(path), ...ARGS], server.url);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^[^\n]*\n$/);
    expect(stderr).toMatch(/\\(?:n|u000a)ecs-dns: all is well/);
    expect(stderr).not.toMatch(UNSAFE);
  });

  test('a journal of several zones with such ids', async () => {
    const { server } = await commandOnFleet();
    const path = join(await temporaryDirectory(), 'journal.jsonl');
    const recordSet = {
      Name: `_x._tcp.${HOSTILE}.`,
      Type: 'SRV',
      TTL: 1,
      ResourceRecords: [{ Value: HOSTILE }],
    };
    const lines = ['Z1', 'Z2'].map((id) =>
      JSON.stringify({
        version: 1,
        kind: 'removal',
        time: '2026-11-29T00:00:00.000Z',
        zone: { id: `${id}${HOSTILE}`, name: HOSTILE },
        recordSet,
        reasons: [HOSTILE],
      }),
    );
    await writeFile(path, `${lines.join('\n')}\n`);

    const { code, stdout, stderr } = await runHere(['restore', path, '--dry-run', ...ARGS], server.url);

    expect(code).toBe(1);
    expect(stderr).toContain(SHOWN);
    expect(`${stdout}${stderr}`).not.toMatch(UNSAFE);
  });
});

test.each([[[]], [['stdout', 'stderr']]] as const)(
  'what the zone holds is shown as text, on a terminal (%j) too',
  async (tty) => {
    const { zone, server } = await commandOnFleet();
    zone.put({
      Name: `_x._tcp.${zone.name}`,
      Type: 'SRV',
      TTL: 60,
      SetIdentifier: `${HOSTILE}\u001b[8m`,
      Weight: 1,
      ResourceRecords: [{ Value: `1 1 80 ${HOSTILE}\u001b[8m` }],
    });

    const { stdout } = await runHere(['explain', '_x._tcp', ...ARGS], server.url, { tty });

    expect(stdout).toContain('\\u001b[8m');
    // Without the colours, which are the command's own.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour begins with one
    expect(stdout.replace(/\u001b\[(?:1|22|2|3[0-9])m/g, '')).not.toMatch(UNSAFE);
  },
);
