import {
  type Attributes,
  type ProxyTracerProvider,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';

/** What came of the work of a span: attributes, and in one line why it failed although it did not throw. */
export interface SpanOutcome {
  readonly attributes: Attributes;
  readonly failure?: string | undefined;
}

/** The name of the instrumentation. */
const NAME = 'ecs-dns-reconciler';

/** The API's own provider knows no tracer until the process registers a provider. */
type Provider = TracerProvider & Partial<Pick<ProxyTracerProvider, 'getDelegateTracer'>>;

/** The tracer of the provider that the process has registered; `undefined` where it has none. */
export function activeTracer(): Tracer | undefined {
  const provider: Provider = trace.getTracerProvider();
  return provider.getDelegateTracer === undefined
    ? provider.getTracer(NAME)
    : provider.getDelegateTracer(NAME);
}

/**
 * Does a piece of work as a span, whose outcome `tell` takes from the result. Where the process has registered no
 * provider, it is the work alone, and `tell` is not asked.
 *
 * @example
 * const observation = await inSpan('observe', () => observe(ports, policies, conduct));
 */
export function inSpan<T>(
  name: string,
  work: () => Promise<T>,
  tell?: (result: T) => SpanOutcome,
): Promise<T> {
  const tracer = activeTracer();
  return tracer === undefined ? work() : withSpan(tracer, { name, work, tell });
}

/** A piece of work, and the span that it is to be. */
export interface SpanWork<T> extends SpanOptions {
  readonly name: string;
  readonly work: () => Promise<T>;
  readonly tell?: ((result: T) => SpanOutcome) | undefined;
  /** What else an error tells. */
  readonly tellError?: (error: unknown) => Attributes;
}

/** Does a piece of work as a span of the tracer; spans that begin meanwhile are its children. */
export function withSpan<T>(
  tracer: Tracer,
  { name, work, tell, tellError, ...options }: SpanWork<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, options, async (span) => {
    try {
      const result = await work();
      if (tell !== undefined) settle(span, tell(result));
      return result;
    } catch (error) {
      fail(span, error, tellError?.(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

function settle(span: Span, { attributes, failure }: SpanOutcome): void {
  span.setAttributes(attributes);
  if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
}

function fail(span: Span, error: unknown, attributes: Attributes = {}): void {
  const known = error instanceof Error ? error : new Error(String(error));
  span.recordException(known);
  span.setAttributes({ 'error.type': known.name, ...attributes });
  span.setStatus({ code: SpanStatusCode.ERROR, message: known.message });
}
