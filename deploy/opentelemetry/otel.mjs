// Sends the traces of ecs-dns to an OpenTelemetry collector: node --import ./otel.mjs …/ecs-dns watch …
// OTEL_EXPORTER_OTLP_ENDPOINT and OTEL_SERVICE_NAME say where to, and under which name.
import process from 'node:process';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';

const provider = new NodeTracerProvider({
  resource: resourceFromAttributes({ 'service.name': process.env.OTEL_SERVICE_NAME ?? 'ecs-dns' }),
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();

// What a run has told last is sent before the process ends.
process.once('beforeExit', () => void provider.shutdown());
