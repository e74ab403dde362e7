import { describe, expect, test } from 'vitest';
import type { TaskStop } from '../../src/model/task-stop.ts';
import { metricsOf } from '../../src/report/metrics.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { linesOf, reportOf, runResult } from './support.ts';

function stop(id: number, status: TaskStop['status'], detail: string): TaskStop {
  const task = `arn:aws:ecs:eu-west-1:111122223333:task/blue/${id}`;
  return { cluster: 'blue', service: 'orders', task, reason: 'timeout', status, detail };
}

const PLANNED = stop(1, 'planned', 'ecs-dns: unhealthy (timeout)');
const STOPPED = stop(2, 'stopped', 'ecs-dns: unhealthy (timeout)');
const FAILED = stop(3, 'failed', 'ServerException: try\nagain');
const WAITING = stop(4, 'waiting', 'no other task of orders is healthy');

test('the report has every task that fails and may be stopped, in the order of the plan', () => {
  const stops = [PLANNED, STOPPED, FAILED, WAITING];

  const report = reportSchema.parse(reportOf({ stops }));

  expect(report.stopped).toEqual(stops);
});

describe('the report for people', () => {
  test('says nothing of it when there is nothing to stop', () => {
    expect(linesOf().filter((line) => /stop/i.test(line))).toEqual([]);
  });

  test.each<[string, readonly TaskStop[], readonly string[]]>([
    [
      'what would be stopped',
      [PLANNED],
      [
        'To stop: 1 task.',
        'REASON SERVICE TASK DETAIL',
        'x timeout blue/orders 1 ecs-dns: unhealthy (timeout)',
      ],
    ],
    [
      'what was stopped, and what ECS refused',
      [STOPPED, FAILED],
      [
        'Stopped: 1 task.',
        'REASON SERVICE TASK DETAIL',
        'x timeout blue/orders 2 ecs-dns: unhealthy (timeout)',
        '',
        'Unhealthy, and ECS did not stop them: 1 task.',
        'REASON SERVICE TASK DETAIL',
        '! timeout blue/orders 3 ServerException: try\\u000aagain',
      ],
    ],
    [
      'what waits, and why',
      [WAITING],
      [
        'Unhealthy and not stopped: 1 task.',
        'REASON SERVICE TASK DETAIL',
        '! timeout blue/orders 4 no other task of orders is healthy',
      ],
    ],
  ])('lists %s', (_, stops, lines) => {
    const all = linesOf({ stops });

    const from = all.indexOf(lines[0] ?? '');
    expect(all.slice(from, from + lines.length)).toEqual(lines);
  });
});

test('tasks are counted by what became of them, zeros too', () => {
  const given = { stops: [STOPPED, FAILED, WAITING, { ...WAITING }] };
  const figures = metricsOf({ result: runResult(given), report: reportOf(given), everyMs: 60_000 });

  expect(
    figures
      .filter(({ name }) => name === 'tasksStopped')
      .map(({ labels, value }) => [labels['status'], value]),
  ).toEqual([
    ['planned', 0],
    ['stopped', 1],
    ['failed', 1],
    ['waiting', 2],
  ]);
});
