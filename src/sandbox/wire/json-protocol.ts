import { AwsError } from '../error-answer.ts';
import type { Json, RawRequest, WireResponse } from '../service.ts';
import { isObject } from './json.ts';

/** The input of a request in AWS JSON 1.1; a SerializationException for what is no JSON object. */
export function decodeJson(request: RawRequest): Json {
  try {
    const input: unknown = JSON.parse(request.body === '' ? '{}' : request.body);
    if (isObject(input)) return input;
  } catch {
    // Answered below, like every body that is not an object.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}

/** An error by its `__type`. */
export function encodeJsonError(error: AwsError): WireResponse {
  const body = { __type: error.code, message: error.message };
  return { ...jsonResponse(error.status, body), headers: { 'x-amzn-errortype': error.code } };
}

/** An answer in AWS JSON 1.1. */
export function jsonResponse(status: number, body: Json): WireResponse {
  return {
    status,
    contentType: 'application/x-amz-json-1.1',
    body: JSON.stringify(body),
  };
}
