import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import { describeError } from '../aws/aws-error.ts';
import type { NoticeDocument } from './notice-schema.ts';
import { noticeHead, noticeText } from './notice-text.ts';
import type { SendNotice } from './send-notice.ts';

/** A subject takes so many characters of ASCII. Source: SNS API Reference, "Publish". */
const MAX_SUBJECT = 100;
/** Source: the same. */
const MAX_BYTES = 256 * 1024;

/** An SNS topic: people get a text, queues, functions and endpoints the document as JSON. */
export function snsTopic(TopicArn: string, client: () => Promise<SNSClient>): SendNotice {
  return async (document, abortSignal) => {
    const command = new PublishCommand({
      TopicArn,
      Subject: noticeHead(document)
        .replace(/[^ -~]/g, '?')
        .slice(0, MAX_SUBJECT),
      Message: messageOf(document),
      MessageStructure: 'json',
      MessageAttributes: {
        kinds: { DataType: 'String.Array', StringValue: JSON.stringify(document.kinds) },
        mode: { DataType: 'String', StringValue: document.mode },
      },
    });
    try {
      await (await client()).send(command, { abortSignal });
    } catch (error) {
      throw new Error(describeError(error), { cause: error });
    }
  };
}

/** By protocol, in SNS's own words; lists are left out where it would be too large. */
function messageOf(document: NoticeDocument): string {
  const full = byProtocol(document);
  return Buffer.byteLength(full) <= MAX_BYTES ? full : byProtocol(withoutLists(document));
}

function byProtocol(document: NoticeDocument): string {
  const json = JSON.stringify(document);
  return JSON.stringify({ default: noticeText(document), sqs: json, lambda: json, http: json, https: json });
}

function withoutLists({ removals, heldBack, failures, drift, ...rest }: NoticeDocument): NoticeDocument {
  return {
    ...rest,
    ...(removals && { removals: { ...removals, records: [] } }),
    ...(heldBack && { heldBack: { ...heldBack, records: [] } }),
    ...(failures && { failures: { ...failures, details: [] } }),
    ...(drift && { drift: { ...drift, records: [] } }),
  };
}
