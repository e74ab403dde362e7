import type { HttpResponse } from '@smithy/types';
import type { AnyPluggable } from './call-counter.ts';

/**
 * Route 53 rejects a batch in one of two forms: the generic `<ErrorResponse>`, or the one of its API
 * reference, `<InvalidChangeBatch><Messages><Message>…`. SDK v3 makes an error without a name and
 * without a text of the second, so it is rewritten as the first before the SDK reads it.
 */
export const readableBatchErrors: AnyPluggable = {
  applyToStack: (stack) =>
    stack.add(
      (next) => async (args) => {
        const result = await next(args);
        if (isHttpResponse(result.response, 400)) {
          const body = await readBody(result.response);
          const text = body.toString('utf8');
          result.response.body = ROOT.test(text) ? Buffer.from(genericForm(text)) : body;
        }
        return result;
      },
      // Next to the wire: the SDK's own deserializer must see the rewritten body.
      { step: 'deserialize', name: 'readableBatchErrors', priority: 'low' },
    ),
};

const ROOT = /^\s*(?:<\?xml[^>]*>\s*)?<InvalidChangeBatch[\s>]/;
const MESSAGE = /<Message>([\s\S]*?)<\/Message>/gi;
const REQUEST_ID = /<RequestId>([^<]*)<\/RequestId>/;

function genericForm(text: string): string {
  // The messages stay escaped as they are: they go from one XML document into another.
  const messages = [...text.matchAll(MESSAGE)].map(([, message]) => message).join(', ');
  const requestId = REQUEST_ID.exec(text)?.[1] ?? '';
  return `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidChangeBatch</Code><Message>[${messages}]</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

export function isHttpResponse(response: unknown, status: number): response is HttpResponse {
  if (typeof response !== 'object' || response === null || !('body' in response)) return false;
  return 'statusCode' in response && response.statusCode === status;
}

/** The whole body of an answer; a stream can be read once. */
export async function readBody({ body }: HttpResponse): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
