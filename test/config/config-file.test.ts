import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { configFolder, linesOf, problemsOf } from './support.ts';

const files = configFolder();
afterAll(() => files.remove());

describe('a config file that is no use', () => {
  it.each([
    ['a list', '- zone', 'FILE: holds a list, not a mapping; write settings as "name: value"'],
    ['one value', 'zone', 'FILE: holds a single value, not a mapping; write settings as "name: value"'],
    ['nothing', '', 'FILE: holds nothing, not a mapping; write settings as "name: value"'],
    ['only comments', '# zone: a', 'FILE: holds nothing, not a mapping; write settings as "name: value"'],
    [
      'a repeated key',
      'zone: a.b\noutput: text\nzone: c.d\n',
      'FILE, line 3: this key is already set above; keep one of the two',
    ],
    [
      'a repeated key in JSON',
      '{\n  "zone": "a.b",\n  "zone": "c.d"\n}',
      'FILE, line 3: this key is already set above; keep one of the two',
    ],
    [
      'a repeated key in a section',
      'health:\n  path: /a\n  path: /b\n',
      'FILE, line 3: this key is already set above; keep one of the two',
    ],
    [
      'an unknown alias',
      'zone: *hunter2',
      'FILE: uses a YAML alias that leads nowhere or unfolds without end; write the value out',
    ],
    [
      'an unknown tag',
      'zone: a.b\noutput: !hunter2 text',
      'FILE, line 2: not valid YAML or JSON (tag resolve failed); correct it there or in the line above',
    ],
    [
      'two documents',
      'zone: a.b\n---\noutput: text',
      'FILE, line 2: not valid YAML or JSON (multiple docs); correct it there or in the line above',
    ],
    [
      'text behind a value',
      'zone: a.b\nhealth:\n  path: "/a" hunter2',
      'FILE, line 3: not valid YAML or JSON (unexpected token); correct it there or in the line above',
    ],
  ])('%s', (_, content, line) => {
    expect(linesOf({ file: files.write(content), env: {} })).toEqual([line]);
  });

  it('bytes that are not UTF-8', () => {
    const file = files.write(Uint8Array.of(0x7a, 0x3a, 0x20, 0xff));
    expect(linesOf({ file, env: {} })).toEqual(['FILE: is not UTF-8 text; save it as UTF-8']);
  });

  it('a file that does not exist', () => {
    expect(linesOf({ file: join(files.folder, 'none.yml'), env: {} })).toEqual([
      "FILE: can't be read (no such file); name a readable file with --config",
    ]);
  });

  it('a folder', () => {
    expect(linesOf({ file: files.folder, env: {} })).toEqual([
      "FILE: can't be read (a directory); name a readable file with --config",
    ]);
  });

  it('a file that the variable names', () => {
    expect(linesOf({ env: { ECS_DNS_CONFIG: '/does/not/exist.yml' } })).toEqual([
      "/does/not/exist.yml: can't be read (no such file); name a readable file with ECS_DNS_CONFIG",
    ]);
  });

  it('an empty variable', () => {
    expect(linesOf({ env: { ECS_DNS_CONFIG: '' } })).toEqual([
      '"": can\'t be read (no such file); name a readable file with ECS_DNS_CONFIG',
    ]);
  });

  it('a path that would break the line', () => {
    expect(linesOf({ env: { ECS_DNS_CONFIG: '/none\n.yml' } })).toEqual([
      '"/none\\n.yml": can\'t be read (no such file); name a readable file with ECS_DNS_CONFIG',
    ]);
  });

  it('an alias that unfolds without end', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (const [name, previous] of ['ba', 'cb', 'dc', 'ed'].map((pair) => pair.split(''))) {
      bomb.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${previous}`).join(', ')}]`);
    }
    expect(linesOf({ file: files.write(bomb.join('\n')), env: {} })).toEqual([
      'FILE: uses a YAML alias that leads nowhere or unfolds without end; write the value out',
    ]);
  });
});

it('reports every problem of every source at once, one line each', () => {
  const file = files.write('polcy: prune\nhealth:\n  timeout: 2\n  atempts: 3\noutput: xml\n');
  const env = { ECS_DNS_HEALTH_PATH: 'health', ECS_DNS_ZONEE: 'a.b' };
  const flags = { '--health-attempts': '0', '--guardrails-panic-percent': 'all' };
  expect(linesOf({ file, env, flags })).toEqual([
    'FILE: polcy: unknown setting; did you mean policy?',
    'FILE: health.atempts: unknown setting; did you mean health.attempts?',
    'FILE: health.timeout: 2 is not valid; write a duration such as 500ms, 2s, 5m or 1h, from 1ms to 24h',
    'FILE: output: "xml" is not valid; write text, json, html or markdown',
    'ECS_DNS_ZONEE: unknown variable; did you mean ECS_DNS_ZONE?',
    'ECS_DNS_HEALTH_PATH: "health" is not valid; write a path that starts with one /, without blanks, \\ and #',
    '--health-attempts: 0 is not valid; write a whole number from 1 to 10',
    '--guardrails-panic-percent: "all" is not valid; write a number from 0 to 100',
    'zone: required, but not set; set --zone, ECS_DNS_ZONE or zone in a config file to a hosted-zone id such as Z0123456789ABC, or the exact name of the zone',
  ]);
});

it('reports the other sources beside an unreadable file', () => {
  const sources = { file: join(files.folder, 'none.yml'), env: { ECS_DNS_OUTPUT: 'xml' } };
  expect(problemsOf(sources).map(({ setting, origin }) => [setting, origin.kind])).toEqual([
    [undefined, 'file'],
    ['output', 'variable'],
  ]);
});
