import { Agent, type Dispatcher, request } from 'undici';
import type { NoticeDocument } from './notice-schema.ts';
import { noticeText } from './notice-text.ts';
import type { SendNotice } from './send-notice.ts';

const CONNECT_MS = 2_000;
const ANSWER_MS = 4_000;
/** Of an answer no more is read, so that its connection can end. */
const MAX_ANSWER_BYTES = 16_384;

/**
 * A webhook that takes Slack's form: `text` for people, and the document in `notice`. It is asked twice at the most, and
 * a redirect is not followed. The URL is a secret: no error names any part of it.
 */
export function webhookTo(url: string): SendNotice {
  return async (document, signal) => {
    const agent = new Agent({
      connect: { timeout: CONNECT_MS },
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    });
    const body = JSON.stringify({ text: slackText(document), notice: document });
    try {
      const first = await attempt(url, { body, signal, dispatcher: agent });
      const last = first.isPassing ? await attempt(url, { body, signal, dispatcher: agent }) : first;
      if (last.fault !== undefined) throw new Error(last.fault);
    } finally {
      await agent.destroy();
    }
  };
}

/** Slack takes these three for markup, and mentions are made with one of them. Source: Slack, "Formatting text". */
function slackText(document: NoticeDocument): string {
  return noticeText(document).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Attempt {
  /** `undefined` where it was taken. */
  readonly fault: string | undefined;
  /** Whether another attempt may fare better. */
  readonly isPassing: boolean;
}

async function attempt(
  url: string,
  options: { readonly body: string; readonly signal: AbortSignal; readonly dispatcher: Dispatcher },
): Promise<Attempt> {
  try {
    const headers = { 'content-type': 'application/json', 'user-agent': 'ecs-dns' };
    const { statusCode, body } = await request(url, { ...options, method: 'POST', headers });
    await body.dump({ limit: MAX_ANSWER_BYTES });
    if (statusCode >= 200 && statusCode < 300) return { fault: undefined, isPassing: false };
    return { fault: `HTTP ${statusCode}`, isPassing: statusCode >= 500 || statusCode === 429 };
  } catch (error) {
    options.signal.throwIfAborted();
    return { fault: codeOf(error), isPassing: true };
  }
}

/** The code alone: messages name hosts. */
function codeOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code');
  return typeof code === 'string' ? code : 'the connection failed';
}
