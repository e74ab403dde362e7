import { type Attributes, SpanKind } from '@opentelemetry/api';
import { activeTracer, withSpan } from '../spans.ts';
import type { AnyPluggable } from './call-counter.ts';

/**
 * A span for each call of a client, with all its attempts and pauses. `service` is what the SDK calls it, such as `ECS`.
 * Source: OpenTelemetry, "Semantic conventions for AWS SDK client spans".
 */
export function traceCalls(service: string): AnyPluggable {
  return {
    applyToStack: (stack) =>
      stack.add(
        (next, context) => {
          const tracer = activeTracer();
          // Without a provider, the call is what it would be without this middleware.
          if (tracer === undefined) return next;
          const method = (context['commandName'] ?? 'Unknown').replace(/Command$/, '');
          const attributes = { 'rpc.system': 'aws-api', 'rpc.service': service, 'rpc.method': method };
          return (args) =>
            withSpan(tracer, {
              name: `${service}.${method}`,
              kind: SpanKind.CLIENT,
              attributes,
              work: () => next(args),
              tell: ({ output }) => ({ attributes: attributesOf(output) }),
              tellError: attributesOf,
            });
        },
        { step: 'initialize', name: 'traceCalls', priority: 'high' },
      ),
  };
}

/** What the SDK tells of an answer, be it an output or an error. */
function attributesOf(answer: unknown): Attributes {
  const metadata: unknown = Reflect.get(Object(answer), '$metadata');
  const field = (name: string): unknown => Reflect.get(Object(metadata), name);
  const [requestId, status, attempts] = ['requestId', 'httpStatusCode', 'attempts'].map(field);
  return {
    ...(typeof requestId === 'string' ? { 'aws.request_id': requestId } : {}),
    ...(typeof status === 'number' ? { 'http.response.status_code': status } : {}),
    ...(typeof attempts === 'number' && attempts > 1 ? { 'http.request.resend_count': attempts - 1 } : {}),
  };
}
