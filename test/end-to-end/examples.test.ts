import { once } from 'node:events';
import process from 'node:process';
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { stopsTasks } from '../stopped-tasks.ts';
import { isAlive, type RunningExamples, startExamples, textOf } from './examples-process.ts';

const CLUSTER = 'examples';

function ecsOf({ api }: RunningExamples): ECSClient {
  const credentials = { accessKeyId: 'sandbox', secretAccessKey: 'sandbox' };
  return new ECSClient({ endpoint: api, region: 'us-east-1', credentials });
}

/** Loads the portal over and over until the signal; what it says each time. */
async function keepLoading({ portal }: RunningExamples, signal: AbortSignal): Promise<readonly string[]> {
  const pages: string[] = [];
  while (!signal.aborted) pages.push(await textOf(portal));
  return pages;
}

const ANSWERED = /A formula 42 by container \w{12} at 127\./;

describe('ecs-dns sandbox --examples', () => {
  test('prints on lines that fit, and each example finds its services by the names that DNS has', async () => {
    const examples = await startExamples();

    expect(examples.printed).not.toContain('Not registered yet');
    expect(examples.printed.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(examples.containers.map(({ name }) => name)).toEqual(
      'calc calc calc goods goods home movie movie portal prices redis shop time time'.split(' '),
    );
    expect(await textOf(examples.portal)).toMatch(ANSWERED);
    expect(await textOf(`${examples.portal}?format=YYYY&formula=2^10`)).toMatch(
      /time 20\d\d by .* formula 1024 by container/,
    );
    expect(await textOf(examples.shop)).toMatch(/Kettle 39\.00 .* told by the containers \w{12} and \w{12}/);
    expect(await textOf(examples.bookings)).toContain('This page was seen once.');
    expect(await textOf(examples.bookings)).toContain('This page was seen 2 times.');
    expect(await examples.targets('calc')).toHaveLength(3);
    expect(await examples.resolver.resolve4('movie.servicediscovery.internal')).toHaveLength(1);
  });

  test('a killed container goes from DNS and another comes, and the portal answers all the while', async () => {
    const examples = await startExamples();
    const [killed] = examples.containers;
    const before = await examples.targets('calc');
    const enough = new AbortController();
    const loading = keepLoading(examples, enough.signal);

    process.kill(killed?.pid ?? 0, 'SIGKILL');
    const port = killed?.address.split(':')[1];
    const host = `ip-${killed?.address.split(':')[0]?.replaceAll('.', '-')}.ec2.internal`;
    await expect.poll(() => examples.targets('calc')).not.toContain(`${host}:${port}`);
    await expect.poll(() => examples.targets('calc')).toHaveLength(before.length);
    enough.abort();

    const pages = await loading;
    expect(pages.length).toBeGreaterThan(0);
    expect(pages.filter((page) => !ANSWERED.test(page))).toEqual([]);
  });

  test('a task that ECS is told to stop drains, and no request of the portal is lost', async () => {
    stopsTasks();
    const examples = await startExamples();
    const ecs = ecsOf(examples);
    const { taskArns: [task] = [] } = await ecs.send(
      new ListTasksCommand({ cluster: CLUSTER, serviceName: 'calc' }),
    );
    const enough = new AbortController();
    const loading = keepLoading(examples, enough.signal);

    await ecs.send(new StopTaskCommand({ cluster: CLUSTER, task }));
    const described = async () => {
      const { tasks: [found] = [] } = await ecs.send(
        new DescribeTasksCommand({ cluster: CLUSTER, tasks: [task ?? ''] }),
      );
      return { lastStatus: found?.lastStatus, exitCode: found?.containers?.[0]?.exitCode };
    };
    await expect.poll(described).toEqual({ lastStatus: 'STOPPED', exitCode: 0 });
    await expect.poll(() => examples.targets('calc')).toHaveLength(3);
    enough.abort();

    expect((await loading).filter((page) => !ANSWERED.test(page) || page.includes('No answer'))).toEqual([]);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('all processes end with it at %s', async (signal) => {
    const { child, pids } = await startExamples();
    expect(pids.filter((pid) => !isAlive(pid))).toEqual([]);

    child.kill(signal);
    const [code] = await once(child, 'exit');

    expect(code).toBe(0);
    expect(pids.filter((pid) => isAlive(pid))).toEqual([]);
  });

  test('no process is left behind when it is killed', async () => {
    const { child, pids } = await startExamples();

    child.kill('SIGKILL');
    await once(child, 'exit');

    await expect.poll(() => pids.filter((pid) => isAlive(pid))).toEqual([]);
  });
});
