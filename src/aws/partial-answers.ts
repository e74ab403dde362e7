import type { AnyPluggable } from './call-counter.ts';
import { isHttpResponse, readBody } from './change-batch-errors.ts';

/** Makes an answer's output of its body; `undefined` leaves the body to the SDK. */
export type PartialReader = (body: Buffer) => object | undefined;

const EMPTY = Buffer.alloc(0);

/**
 * Reads the answers of some commands without the SDK's own readers, which walk every field of large
 * answers of which little is used. Whatever a reader does not expect, and everything that is no
 * success, is read by the SDK as ever, from the same bytes.
 */
export function partialAnswers(readers: Readonly<Record<string, PartialReader>>): AnyPluggable {
  const outputs = new WeakMap<object, object>();
  return {
    applyToStack: (stack) => {
      // One next to the wire and one around the SDK's deserializer, which makes metadata of the headers.
      stack.add(
        (next, context) => async (args) => {
          const result = await next(args);
          const { response } = result;
          const reader = readers[context['commandName'] ?? ''];
          if (reader === undefined || !isHttpResponse(response, 200)) return result;
          const body = await readBody(response);
          const output = reader(body);
          response.body = output === undefined ? body : EMPTY;
          if (output !== undefined) outputs.set(response, output);
          return result;
        },
        { step: 'deserialize', name: 'partialReader', priority: 'low' },
      );
      stack.add(
        (next) => async (args) => {
          const result = await next(args);
          const output = isHttpResponse(result.response, 200) ? outputs.get(result.response) : undefined;
          return output === undefined ? result : { ...result, output: { ...result.output, ...output } };
        },
        { step: 'deserialize', name: 'partialOutput', priority: 'high' },
      );
    },
  };
}
