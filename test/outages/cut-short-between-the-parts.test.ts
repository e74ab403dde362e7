import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { Report } from '../../src/report/report-schema.ts';
import { runHere } from '../cli/support.ts';
import { addService, answerFor, listen, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

/** One attempt, and far more time for it than a test takes. */
const ARGS = ['apply', '--yes', '--output', 'json', '--zone', ZONE_NAME, '--health-attempts', '1'];
const CHANGE = 'route53:ChangeResourceRecordSets';
const ENV = { ECS_DNS_HEALTH_TIMEOUT: '60s' };

interface Outage {
  readonly args?: readonly string[];
  readonly signal?: AbortSignal;
  /** Route 53 takes no change. */
  readonly isRefused?: boolean;
  /** Once the first part was sent, and a slow endpoint has not answered yet; `answer` lets it. */
  readonly between: (answer: () => void) => void;
}

/** One entry is stale, one endpoint fails, and one is slow: what is stale goes while it is asked. */
async function applyWith({ args = [], signal, isRefused = false, between }: Outage) {
  const fleet = newFleet();
  const { staleSets } = addService(fleet, '_orders._tcp', { live: 9, stale: 1 });
  const [slow, failing] = addService(fleet, '_slow._tcp', { live: 2 }).live;
  if (slow === undefined || failing === undefined) throw new TypeError('two run');
  for (const one of [slow, failing]) fleet.behave(one, { kind: 'refuse' });
  const [stale] = staleSets;
  const isThere = () => fleet.zone.list().some((set) => set.SetIdentifier === stale?.SetIdentifier);
  const aws = await serve(fleet.world);
  const effect = { kind: 'error', code: 'AccessDenied', message: 'no', status: 403 } as const;
  if (isRefused) aws.addFault({ operation: CHANGE, effect });
  const isSent = () => (isRefused ? aws.log.some(({ operation }) => operation === CHANGE) : !isThere());
  const server = createServer((_, response) => {
    const look = () => (isSent() ? between(() => void response.end('ok')) : void setTimeout(look, 5));
    look();
  });
  await answerFor(slow, server);
  await listen(fleet);
  const fake = { env: ENV, ...(signal === undefined ? {} : { signal }) };
  return runHere([...ARGS, ...args], aws.url, fake);
}

function told(stdout: string) {
  const { changes, notices }: Report = JSON.parse(stdout);
  return { notices, changes: changes.map(({ reasons, status }) => [reasons, status]) };
}

describe('a run that ends between its two parts tells what the first has done, and that there was to be more', () => {
  test('where it is stopped', async () => {
    const stop = new AbortController();
    const { code, stdout, stderr } = await applyWith({
      signal: stop.signal,
      between: () => stop.abort(new Error('the operator has had enough')),
    });

    const { changes, notices } = told(stdout);
    expect(changes).toEqual([[['task-gone'], 'applied']]);
    const why = 'the run ended after a part of it was applied: the operator has had enough';
    expect(notices).toContainEqual({ subject: 'worker', detail: why });
    expect([code, stderr]).toEqual([1, expect.stringContaining(why)]);
  });

  test('where the journal cannot be written any more', async () => {
    const directory = await temporaryDirectory();
    const { code, stdout } = await applyWith({
      args: ['--journal', directory],
      between: (answer) => {
        rmSync(directory, { recursive: true });
        answer();
      },
    });

    const { changes, notices } = told(stdout);
    expect(changes).toEqual([[['task-gone'], 'applied']]);
    const detail = expect.stringMatching(
      /^the run ended after a part of it was applied: journal: .* cannot be written/,
    );
    expect([code, notices]).toEqual([1, expect.arrayContaining([{ subject: 'worker', detail }])]);
  });

  test('as one of which nothing was applied, where the first part was refused', async () => {
    const stop = new AbortController();
    const { code, stdout, stderr } = await applyWith({
      signal: stop.signal,
      isRefused: true,
      between: () => stop.abort(new Error('the operator has had enough')),
    });
    expect([code, stdout, stderr]).toEqual([1, '', expect.stringContaining('stopped')]);
  });
});
