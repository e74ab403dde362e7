import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ACTIONS } from '../../src/iam/actions.ts';
import { policyOf, ZONE_ID } from './support.ts';

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

test('the policy of the page is the one that the command above it prints', () => {
  const [, section = ''] = read('docs/iam.md').split('\n## The policy of a plain worker\n');
  const [, command, json = ''] =
    /`(ecs-dns iam [^`]*)` prints:\n\n```json\n([\s\S]*?)```/.exec(section) ?? [];

  expect(command).toBe(`ecs-dns iam --zone ${ZONE_ID}`);
  expect(JSON.parse(json)).toEqual(policyOf());
});

test('docs/iam.md has a row for every statement, with all of its actions', () => {
  const rows = read('docs/iam.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const documented = rows.flatMap((row) => {
    const [, sid = '', actions = ''] = row.split('|');
    return [...actions.matchAll(/`([a-z0-9]+:\w+)`/g)].map(([, action]) => `${sid.trim()} ${action}`);
  });
  expect(documented.toSorted()).toEqual(
    ACTIONS.map(({ scope, action }) => `\`${scope}\` ${action}`).toSorted(),
  );
});
