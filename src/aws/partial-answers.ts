import type { DeserializeMiddleware, HttpResponse, Pluggable } from '@smithy/types';

/** Makes an answer's output of its body; `undefined` leaves the body to the SDK. */
export type PartialReader = (body: Buffer) => object | undefined;

const OK = 200;
const EMPTY = Buffer.alloc(0);

/**
 * Reads the answers of some commands without the SDK's own readers, which walk every field of large
 * answers of which little is used. Whatever a reader does not expect, and everything that is no
 * success, is read by the SDK as ever, from the same bytes.
 */
// biome-ignore lint/suspicious/noExplicitAny: it fits every client
export function partialAnswers(readers: Readonly<Record<string, PartialReader>>): Pluggable<any, any> {
  const outputs = new WeakMap<object, object>();
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const read: DeserializeMiddleware<any, any> = (next, context) => async (args) => {
    const result = await next(args);
    const { response } = result;
    const reader = readers[context['commandName'] ?? ''];
    if (reader === undefined || !isHttpResponse(response) || response.statusCode !== OK) return result;
    const body = await readBody(response.body);
    const output = reader(body);
    response.body = output === undefined ? body : EMPTY;
    if (output !== undefined) outputs.set(response, output);
    return result;
  };
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const hand: DeserializeMiddleware<any, any> = (next) => async (args) => {
    const result = await next(args);
    const output = isHttpResponse(result.response) ? outputs.get(result.response) : undefined;
    return output === undefined ? result : { ...result, output: { ...result.output, ...output } };
  };
  return {
    applyToStack: (stack) => {
      // One next to the wire and one around the SDK's deserializer, which makes metadata of the headers.
      stack.add(read, { step: 'deserialize', name: 'partialReader', priority: 'low' });
      stack.add(hand, { step: 'deserialize', name: 'partialOutput', priority: 'high' });
    },
  };
}

function isHttpResponse(response: unknown): response is HttpResponse {
  return typeof response === 'object' && response !== null && 'statusCode' in response && 'body' in response;
}

async function readBody(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
