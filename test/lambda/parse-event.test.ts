import { describe, expect, test } from 'vitest';
import { parseEvent } from '../../src/lambda/parse-event.ts';
import { RULE_EVENT, SCHEDULER_EVENT } from './support.ts';

describe('an event that starts a run', () => {
  test.each([
    { what: 'of a rule', event: RULE_EVENT, mode: undefined },
    { what: 'of EventBridge Scheduler', event: SCHEDULER_EVENT, mode: undefined },
    { what: 'of a rule, its detail as text', event: { ...RULE_EVENT, detail: '{}' }, mode: undefined },
    {
      what: 'of Scheduler, its detail as object',
      event: { ...SCHEDULER_EVENT, detail: {} },
      mode: undefined,
    },
    { what: 'by hand, a dry run', event: { mode: 'plan' }, mode: 'plan' },
    { what: 'by hand', event: { mode: 'apply' }, mode: 'apply' },
  ])('$what: $mode', ({ event, mode }) => {
    expect(parseEvent(event)).toEqual({ kind: 'run', mode });
  });
});

describe('any other event is an error that names what came', () => {
  test.each<{ what: string; event: unknown; named: string }>([
    { what: 'nothing', event: undefined, named: 'undefined' },
    { what: 'null', event: null, named: 'null' },
    { what: 'a text', event: 'plan', named: 'a string' },
    { what: 'a list', event: [{ mode: 'plan' }], named: 'a list of 1' },
    {
      what: 'the console test event',
      event: { key1: 'a', key2: 'b' },
      named: 'an object of ["key1","key2"]',
    },
    { what: 'an empty object', event: {}, named: 'an empty object' },
    { what: 'an unknown mode', event: { mode: 'destroy' }, named: 'mode "destroy"' },
    { what: 'a mode with more beside it', event: { mode: 'apply', force: true }, named: 'mode "apply"' },
    {
      what: 'a task state change',
      event: {
        ...RULE_EVENT,
        source: 'aws.ecs',
        'detail-type': 'ECS Task State Change',
        detail: { taskArn: 'a' },
      },
      named: 'source "aws.ecs", detail-type "ECS Task State Change", detail with ["taskArn"]',
    },
    {
      what: 'a schedule with an input of its own',
      event: { ...SCHEDULER_EVENT, detail: '{"mode":"plan"}' },
      named: 'source "aws.scheduler", detail-type "Scheduled Event", detail "{\\"mode\\":\\"plan\\"}"',
    },
    {
      what: 'a rule with a detail',
      event: { ...RULE_EVENT, detail: { force: true } },
      named: 'detail with ["force"]',
    },
    {
      what: 'somebody else who calls it a scheduled event',
      event: { ...RULE_EVENT, source: 'com.example' },
      named: 'source "com.example"',
    },
    { what: 'a queue', event: { Records: [{ body: '{}' }] }, named: 'an object of ["Records"]' },
  ])('$what', ({ event, named }) => {
    expect(() => parseEvent(event)).toThrowError(
      expect.objectContaining({
        name: 'InvocationError',
        code: 'unknown-event',
        message: expect.stringContaining(named),
      }),
    );
  });

  test('on one line, however long and whatever is in it', () => {
    const event = { mode: `line\nbreak ${'x'.repeat(10_000)}` };
    let message = '';
    try {
      parseEvent(event);
    } catch (error) {
      message = String(error);
    }
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(400);
  });
});
