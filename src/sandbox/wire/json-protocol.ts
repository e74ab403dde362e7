import { AwsError } from '../aws-error.ts';
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
export function encodeJsonError(error: AwsError, requestId: string): WireResponse {
  const body = { __type: error.code, message: error.message };
  const answer = jsonResponse(error.status, body, requestId);
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': error.code } };
}

/** An answer in AWS JSON 1.1. */
export function jsonResponse(status: number, body: Json, requestId: string): WireResponse {
  return {
    status,
    contentType: 'application/x-amz-json-1.1',
    headers: { 'x-amzn-requestid': requestId },
    body: JSON.stringify(body),
  };
}
