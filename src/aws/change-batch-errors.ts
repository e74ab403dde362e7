import type { HttpResponse, Pluggable } from '@smithy/types';

/**
 * Route 53 rejects a batch in one of two forms: the generic `<ErrorResponse>`, or the one of its API
 * reference, `<InvalidChangeBatch><Messages><Message>…`. SDK v3 makes an error without a name and
 * without a text of the second, so it is rewritten as the first before the SDK reads it.
 */
// biome-ignore lint/suspicious/noExplicitAny: it never looks at input or output, so it fits every client
export const readableBatchErrors: Pluggable<any, any> = {
  applyToStack: (stack) =>
    stack.add(
      (next) => async (args) => {
        const result = await next(args);
        await rewrite(result.response);
        return result;
      },
      // Next to the wire: the SDK's own deserializer must see the rewritten body.
      { step: 'deserialize', name: 'readableBatchErrors', priority: 'low' },
    ),
};

const BAD_REQUEST = 400;
const ROOT = /^\s*(?:<\?xml[^>]*>\s*)?<InvalidChangeBatch[\s>]/;
const MESSAGE = /<Message>([\s\S]*?)<\/Message>/gi;
const REQUEST_ID = /<RequestId>([^<]*)<\/RequestId>/;

async function rewrite(response: unknown): Promise<void> {
  if (!isHttpResponse(response) || response.statusCode !== BAD_REQUEST) return;
  const text = await readText(response.body);
  response.body = Buffer.from(ROOT.test(text) ? genericForm(text) : text);
}

function genericForm(text: string): string {
  // The messages stay escaped as they are: they go from one XML document into another.
  const messages = [...text.matchAll(MESSAGE)].map(([, message]) => message).join(', ');
  const requestId = REQUEST_ID.exec(text)?.[1] ?? '';
  return `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>[${messages}]</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function isHttpResponse(response: unknown): response is HttpResponse {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
