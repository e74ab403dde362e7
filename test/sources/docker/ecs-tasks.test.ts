import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readLocalTasks } from '../../../src/sources/docker/ecs-tasks.ts';

async function serveAgent(body: string, status = 200): Promise<string> {
  const server = createServer(({ url }, response) => {
    response.writeHead(url === '/v1/tasks' ? status : 404).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ARN = 'arn:aws:ecs:us-east-1:123456789012:task/blue/0123456789abcdef0123456789abcdef';
const TASKS = {
  Tasks: [
    {
      Arn: ARN,
      DesiredStatus: 'RUNNING',
      Containers: [{ DockerId: 'a', Name: 'app' }, { Name: 'starting' }],
    },
    { Arn: `${ARN}1`, DesiredStatus: 'STOPPED', Containers: [{ DockerId: 'b' }] },
    { Containers: [{ DockerId: 'c' }] },
  ],
};

it('tells the tasks of containers, and which are being stopped', async () => {
  const url = await serveAgent(JSON.stringify(TASKS));
  expect([...(await readLocalTasks(['http://127.0.0.1:1', url], undefined))]).toEqual([
    ['a', { arn: ARN, isStopping: false, containerName: 'app' }],
    ['b', { arn: `${ARN}1`, isStopping: true, containerName: undefined }],
  ]);
});

it.each([
  ['nothing at all', '', 200],
  ['no JSON', '<html>', 200],
  ['another shape', '{"Tasks":7}', 200],
  ['an error', JSON.stringify(TASKS), 500],
])('without an answer, such as %s, there are none', async (_, body, status) => {
  expect(await readLocalTasks([await serveAgent(body, status)], undefined)).toEqual(new Map());
});
