import { expect, onTestFinished, test } from 'vitest';
import { settingsInForce } from '../../src/config/settings-in-force.ts';
import { RunError } from '../../src/model/run-error.ts';
import { startStatusServer } from '../../src/watch/status-server.ts';
import { createStatusSite } from '../../src/watch/status-site.ts';
import { groupOf, scope, srvSet, stale, unhealthy, unverified } from '../report/support.ts';
import { WELL } from '../watch/status-pages.ts';
import { reported, runRecord } from '../watch/support.ts';
import { virtualTime } from '../watch/virtual-time.ts';
import { describeInBrowser } from './browser.ts';
import { testLooks } from './looks.ts';

const SECRET = 'hush-hush';
const SETTINGS = settingsInForce({
  env: { ECS_DNS_ZONE: 'discovery.internal', ECS_DNS_HEALTH_BASIC_AUTH: `bob:${SECRET}` },
  flags: { '--every': '5m' },
});

const QUOTA = {
  bucket: 'ecs:ListTasks',
  documented: { burst: 100, perSecond: 20 },
  burst: 95,
  perSecond: 12.5,
  left: 4,
  rejected: 3,
  waited: 2,
  waitedMs: 840,
  waiting: 1,
};

/** The status page of a watch that has seen a bad run and a good one, of a zone with more than a page shows. */
async function serveStatus(): Promise<string> {
  const time = virtualTime({ start: Date.UTC(2030, 0, 2, 3, 4, 5) });
  const about = { command: 'watch', schedule: 'every 5m', zone: 'discovery.internal', settings: SETTINGS };
  const site = createStatusSite({ ...about, followsEvents: true }, time, {
    readiness: WELL.readiness,
    quotas: () => [QUOTA],
  });
  const evidence = {
    cluster: 'blue',
    status: 503,
    attempts: 3,
    task: `arn:aws:ecs:1:task/${'x'.repeat(80)}`,
  };
  const removed = [1, 2, 3].map((i) => srvSet(i));
  const unknown = Array.from({ length: 250 }, (_, i) =>
    unverified(srvSet(i, { SetIdentifier: `ip-10-9-0-${i}:${'0'.repeat(64)}` })),
  );
  const held = unhealthy(srvSet(9), evidence);
  const run = runRecord(
    {
      judgements: [...removed.map((set) => stale(set)), unhealthy(srvSet(8), evidence), held, ...unknown],
      groups: removed.map((set) => groupOf(set)),
      heldBack: [[held, 'panic-threshold', '2 of 2 checked entries fail (100 %), more than 50 %']],
      incomplete: [scope('cluster/green')],
      outcomes: removed.map((set) => [groupOf(set), { status: 'applied' }] as const),
    },
    { awsCalls: { 'ecs:ListTasks': 7, 'route53:ListResourceRecordSets': 2 }, awsThrottled: 3 },
  );
  site.observe({ kind: 'failed', error: new RunError('aws', 'AWS cannot be reached') });
  site.observe(reported({ run }));
  site.observeEvents({ kind: 'failed', error: new RunError('aws', 'the queue cannot be reached') });
  site.scheduled(time.now() + 300_000);
  const server = await startStatusServer({ host: '127.0.0.1', port: 0 }, { ...WELL, ...site.pages });
  onTestFinished(() => server.close());
  return `http://127.0.0.1:${server.port}/`;
}

const held = async () => `${await serveStatus()}?pause`;

describeInBrowser('the status page', (open) => {
  testLooks(open, held);

  test('without scripts: runs, what is held back, what fails, calls and settings can be read', async () => {
    const { page } = await open(await held(), { javaScriptEnabled: false });
    const textOf = async (name: string) =>
      (await page.getByRole('region', { name, exact: true }).first().allInnerTexts())[0];
    const [head] = await page.locator('header').allInnerTexts();

    expect(head).toMatch(/\bready The last run was good\./);
    expect(head).toContain('Next run 2030-01-02 03:09:05 UTC');
    expect(await textOf('Last runs')).toMatch(/good[\s\S]*failed AWS cannot be reached/);
    expect(await textOf('Held back 1')).toContain('2 of 2 checked entries fail (100 %), more than 50 %');
    expect(await textOf('Could not be read 1')).toContain('AccessDenied: not you');
    expect(await textOf('Events followed 0')).toContain('the queue cannot be reached');
    expect(await textOf('AWS calls 9')).toMatch(/AWS rejected 3 of them as too many[\s\S]*ecs:ListTasks\s+7/);
    expect(await textOf('AWS quotas')).toMatch(
      /ecs:ListTasks\s+20\/s, 100 at once\s+12\.5\/s, 95 at once\s+4\s+3\s/,
    );
    expect(await textOf('Settings in force')).toMatch(/every\s+5m\s+--every/);
  });

  test('shows what fails with its evidence, and whether it is held back', async () => {
    const { page } = await open(await held());
    const lines = page.getByRole('region', { name: 'Unhealthy endpoints' }).getByRole('listitem');

    await lines.nth(1).locator('summary').click();

    expect(await lines.locator('.badge').allInnerTexts()).toEqual(['unhealthy', 'unhealthy', 'held back']);
    expect(await lines.nth(1).getByRole('definition').allInnerTexts()).toEqual(
      expect.arrayContaining(['503', 'blue', '2 of 2 checked entries fail (100 %), more than 50 %']),
    );
  });

  test('shows a hundred lines of a list, and says where the others are', async () => {
    const { page } = await open(await held());
    const fold = page.locator('.fold.unverified');

    await fold.locator('> summary').click();

    expect(await fold.getByRole('listitem').count()).toBe(100);
    expect(await fold.getByText('and 150 more').isVisible()).toBe(true);
    await fold.getByRole('link', { name: '/report.json' }).click();
    expect(page.url()).toMatch(/\/report\.json$/);
  });

  test('holds no secret', async () => {
    const { page } = await open(await held());

    expect(await page.content()).not.toContain(SECRET);
    expect(await page.getByText('set, and secret').isVisible()).toBe(true);
  });

  test('reloads by itself until it is paused', async () => {
    const { page } = await open(await serveStatus());

    await page.getByRole('link', { name: 'pause' }).click();

    expect(page.url()).toMatch(/\?pause$/);
    expect(await page.getByText('The page is paused').isVisible()).toBe(true);
    await page.getByRole('link', { name: 'resume' }).click();
    expect(page.url()).toMatch(/\/$/);
  });

  test('leads to all other pages, and each of them answers', async () => {
    const url = await held();
    const { page } = await open(url);
    const links = await page.getByRole('navigation').getByRole('link').all();
    const paths = await Promise.all(links.map((link) => link.getAttribute('href')));

    expect(paths).toEqual(['/plan.html', '/report.json', '/metrics', '/healthz', '/readyz']);
    for (const path of paths) {
      const response = await page.goto(new URL(path ?? '', url).href);
      expect({ path, status: response?.status() }).toEqual({ path, status: 200 });
    }
  });
});

describeInBrowser('the last report as a page', (open) => {
  testLooks(open, async () => new URL('/plan.html', await serveStatus()).href);
});
