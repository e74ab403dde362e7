import type { AwsClients } from '../aws/aws-clients.ts';
import type { Clock } from '../model/clock.ts';
import type { NoticeDocument } from './notice-schema.ts';
import type { PublishBounds } from './publisher.ts';
import type { SendNotice } from './send-notice.ts';

/** Who is told of runs. */
export interface NoticeTargets {
  /** The ARN of an SNS topic. */
  readonly topic?: string | undefined;
  /** A URL, which is a secret. */
  readonly webhook?: string | undefined;
}

export interface Notifier {
  /** Never rejects: what could not be told is a warning of the report. */
  send(document: NoticeDocument, bounds: PublishBounds): Promise<void>;
}

interface NotifierContext {
  readonly clients: Pick<AwsClients, 'sns'>;
  readonly clock: Clock;
  /** Told, in one line, of what was not sent. */
  readonly report: (detail: string) => void;
}

/** However long a run may take, its notice takes no longer than this. */
const MAX_MS = 10_000;

/** Tells all targets at once; what one of them needs is loaded only where it is set. */
export function createNotifier({ topic, webhook }: NoticeTargets, context: NotifierContext): Notifier {
  const { clients, clock, report } = context;
  const ways: readonly (readonly [setting: string, load: () => Promise<SendNotice>])[] = [
    ...(topic === undefined
      ? []
      : [
          [
            'notices.topic',
            async () =>
              (await import('./sns-topic.ts')).snsTopic(topic, () => clients.sns(topicRegion(topic))),
          ] as const,
        ]),
    ...(webhook === undefined
      ? []
      : [['notices.webhook', async () => (await import('./webhook.ts')).webhookTo(webhook)] as const]),
  ];
  return {
    async send(document, { signal, deadline = Number.POSITIVE_INFINITY }) {
      const leftMs = Math.min(MAX_MS, deadline - clock.now());
      const tell = async ([setting, load]: (typeof ways)[number]) => {
        if (leftMs <= 0) return report(`${setting}: the notice was not sent: time ran out`);
        const bound = AbortSignal.timeout(leftMs);
        const within = signal === undefined ? bound : AbortSignal.any([bound, signal]);
        try {
          await (await load())(document, within);
        } catch (error) {
          const why = within.aborted ? 'no answer in time' : messageOf(error);
          report(`${setting}: the notice was not sent: ${why}`);
        }
      };
      await Promise.all(ways.map(tell));
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** A topic takes notices in its own region alone. */
function topicRegion(topic: string): string | undefined {
  return topic.split(':')[3];
}
