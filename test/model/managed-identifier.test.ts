import { expect, it } from 'vitest';
import { clusterOf } from '../../src/model/cluster.ts';
import {
  clusterPart,
  formatManagedIdentifier,
  isTaskId,
  type ManagedIdentifier,
  parseManagedIdentifier,
  taskIdOf,
} from '../../src/model/managed-identifier.ts';
import { parseSetIdentifier } from '../../src/model/set-identifier.ts';
import { clusterNamed } from '../clusters.ts';

const TASK_ID = '0123456789abcdef0123456789abcdef';
const CLUSTER = 'eu-west-1/111122223333/blue';

it.each<[string, ManagedIdentifier, string]>([
  ['a task', { kind: 'task', cluster: CLUSTER, taskId: TASK_ID }, `ecs-dns:${CLUSTER}/${TASK_ID}`],
  ['a service', { kind: 'service', cluster: CLUSTER }, `ecs-dns:${CLUSTER}`],
  ['all values', { kind: 'multi-value' }, 'ecs-dns:many'],
])('the identifier of %s reads as it was written', (_, identifier, text) => {
  expect(formatManagedIdentifier(identifier)).toBe(text);
  expect(parseManagedIdentifier(text)).toEqual(identifier);
  expect(parseSetIdentifier(text)).toBeUndefined();
});

it.each([
  ['nothing', undefined],
  ["an agent's", `ip-10-0-0-1.ec2.internal:${'ab'.repeat(32)}`],
  ['no account', `ecs-dns:eu-west-1/blue/${TASK_ID}`],
  ['no task', `ecs-dns:${CLUSTER}/task`],
  ['a word', 'ecs-dns:other'],
  ['another prefix', `ecs-dnx:${CLUSTER}`],
  ['an upper-case task', `ecs-dns:${CLUSTER}/${TASK_ID.toUpperCase()}`],
])('%s is not ours', (_, text) => {
  expect(parseManagedIdentifier(text)).toBeUndefined();
});

it('reads the task ids of old', () => {
  const taskId = '01234567-89ab-cdef-0123-456789abcdef';
  expect(parseManagedIdentifier(`ecs-dns:${CLUSTER}/${taskId}`)).toEqual({
    kind: 'task',
    cluster: CLUSTER,
    taskId,
  });
});

it.each([
  ['as it is', 'blue', 'blue'],
  ['as it is as long as it fits', 'b'.repeat(54), 'b'.repeat(54)],
  ['as a digest where it is too long', 'b'.repeat(55), expect.stringMatching(/^~[0-9a-f]{16}$/)],
])('names a cluster %s', (_, name, expected) => {
  const key = clusterPart(clusterNamed(name, 'ap-southeast-2')) ?? '';
  expect(key.split('/')).toEqual(['ap-southeast-2', '111122223333', expected]);
  const taskId = '01234567-89ab-cdef-0123-456789abcdef';
  const identifier = formatManagedIdentifier({ kind: 'task', cluster: key, taskId });
  expect(identifier.length).toBeLessThanOrEqual(128);
  expect(parseManagedIdentifier(identifier)).toEqual({ kind: 'task', cluster: key, taskId });
});

it('tells long names apart', () => {
  const keys = ['a', 'b', 'c'].map((end) => clusterPart(clusterNamed(`${'x'.repeat(200)}${end}`)));
  expect(new Set(keys).size).toBe(3);
});

it('names no cluster whose account is unknown', () => {
  expect(clusterPart(clusterOf('blue', 'eu-west-1', []))).toBeUndefined();
});

it('tells the id of a task from either form of its ARN', () => {
  expect(taskIdOf(`arn:aws:ecs:eu-west-1:111122223333:task/blue/${TASK_ID}`)).toBe(TASK_ID);
  expect(taskIdOf(`arn:aws:ecs:eu-west-1:111122223333:task/${TASK_ID}`)).toBe(TASK_ID);
});

it('a task’s id is 32 hex digits, or in the old form a UUID', () => {
  const ids = ['0'.repeat(32), '01234567-89ab-cdef-0123-456789abcdef', '0'.repeat(31), 'api'];
  expect(ids.map(isTaskId)).toEqual([true, true, false, false]);
});
