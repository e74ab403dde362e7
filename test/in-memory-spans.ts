import { context, trace } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { onTestFinished } from 'vitest';

/** Registers a provider that keeps the spans that have ended, until the test is over. */
export function keepSpans(): { readonly spans: () => readonly ReadableSpan[] } {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  provider.register();
  onTestFinished(async () => {
    trace.disable();
    context.disable();
    await provider.shutdown();
  });
  return { spans: () => exporter.getFinishedSpans() };
}

/** The names of the spans as a tree, siblings in the order in which they ended; a name that comes again stands once. */
export type SpanTree = { readonly [name: string]: SpanTree };

export function treeOf(spans: readonly ReadableSpan[], parent?: ReadableSpan): SpanTree {
  const parentId = parent?.spanContext().spanId;
  const children = spans.filter(({ parentSpanContext }) => parentSpanContext?.spanId === parentId);
  const names = [...new Set(children.map(({ name }) => name))];
  return Object.fromEntries(
    names.map((name) => {
      const alike = children.filter((one) => one.name === name);
      const below = alike.map((one) => treeOf(spans, one));
      return [name, Object.assign({}, ...below)];
    }),
  );
}
