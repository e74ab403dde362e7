import { context, trace } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { addService, newFleet, serve } from '../end-to-end/support.ts';
import { keepSpans, treeOf } from '../in-memory-spans.ts';
import { capture, contextWith, openHandler } from './support.ts';

test('a run of the function is a span of the invocation that the process traces', async () => {
  const { spans } = keepSpans();
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  const handler = openHandler(server, fleet.zone.id);
  capture();

  const invocation = trace.getTracer('runtime').startSpan('invocation');
  const active = trace.setSpan(context.active(), invocation);
  await context.with(active, () => handler({ mode: 'plan' }, contextWith(300_000)));
  invocation.end();

  expect(treeOf(spans())).toMatchObject({ invocation: { run: { observe: {}, plan: {} } } });
});
