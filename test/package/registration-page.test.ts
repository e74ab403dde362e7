import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { registrationSections, withSections } from '../../scripts/pages/decision-pages.ts';
import { formatManagedIdentifier, parseManagedIdentifier } from '../../src/model/managed-identifier.ts';
import { WITHHELD_REASONS } from '../../src/model/registration.ts';
import { parseSetIdentifier } from '../../src/model/set-identifier.ts';

const PAGE = readFileSync('docs/registration.md', 'utf8');
const SETTINGS = readFileSync('docs/settings.md', 'utf8');

describe('the page on registration', () => {
  test('has the reasons for which anything is withheld as the code has them', () => {
    expect(withSections(PAGE, registrationSections())).toBe(PAGE);
  });

  test.each(Object.entries(WITHHELD_REASONS))(
    'says what %s means, and what to do about it',
    (reason, { meaning, advice }) => {
      expect(PAGE).toContain(`| \`${reason}\` | ${meaning} | ${advice} |`);
    },
  );

  test('names no setting that there is not', () => {
    const named = [...PAGE.matchAll(/`((?:records|health|guardrails)\.[a-zA-Z0-9]+)/g)].map(
      ([, name]) => name,
    );
    expect(named).toContain('records.ttl');
    expect(named.filter((name) => !SETTINGS.includes(`\`${name}\``))).toEqual([]);
  });

  test('links to pages, and to headings in them, that exist', () => {
    const links = [...PAGE.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)];
    expect(links.length).toBeGreaterThan(5);
    for (const [, file = '', heading] of links) {
      const path = `docs/${file === '' ? 'registration.md' : file}`;
      expect(existsSync(path), path).toBe(true);
      if (heading !== undefined) expect(anchorsOf(readFileSync(path, 'utf8'))).toContain(heading);
    }
  });

  const CLUSTER = 'eu-west-1/123456789012/blue';
  const TASK_ID = '0'.repeat(32);
  const PARTS: Readonly<Record<string, string>> = {
    'REGION/ACCOUNT/CLUSTER': CLUSTER,
    TASK_ID,
    HOST: 'ip-10-0-0-1.ec2.internal',
    DOCKER_ID: 'a'.repeat(64),
    CONTAINER_ID: `${TASK_ID}-1234567890`,
    PORT: '8081',
  };

  test.each([
    'ecs-dns:REGION/ACCOUNT/CLUSTER/TASK_ID',
    'ecs-dns:many',
    'ecs-dns:REGION/ACCOUNT/CLUSTER',
    'HOST:DOCKER_ID',
    'ecs-dns:HOST:DOCKER_ID/PORT',
    'TASK_ID:CONTAINER_ID',
  ])('has the set identifier %s, which the worker knows as one of its own', (form) => {
    const identifier = Object.entries(PARTS).reduce((text, [part, value]) => text.replace(part, value), form);
    const own = parseManagedIdentifier(identifier);

    expect(PAGE).toContain(`| \`${form}\` `);
    if (own !== undefined) expect(formatManagedIdentifier(own)).toBe(identifier);
    else expect(parseSetIdentifier(identifier)).toBeDefined();
  });
});

/** As GitHub makes them of headings. */
function anchorsOf(page: string): readonly string[] {
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  );
}
