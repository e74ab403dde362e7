import process from 'node:process';
import { RunError, type RunErrorCode } from '../model/run-error.ts';
import type { AwsClients } from './aws-clients.ts';
import { describeError, isAccessDenied, isCredentialsError, isUnreachable } from './aws-error.ts';
import { regionFault } from './sdk-environment.ts';

/** Turns the failure of a call that a run cannot do without into a `RunError` that says what to do. */
export function explainAwsError(operation: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  const [code, message] = explain(operation, error, describeError(error));
  return new RunError(code, message, error);
}

function explain(operation: string, error: unknown, text: string): readonly [RunErrorCode, string] {
  if (isCredentialsError(error)) {
    const advice = 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with an IAM role';
    return ['credentials', `no usable AWS credentials for ${operation} (${text}): ${advice}`];
  }
  if (/region is missing/i.test(text)) {
    const { code, detail, remedy } = regionFault(process.env, text);
    return [code, `${detail}: ${remedy}`];
  }
  if (isAccessDenied(error)) {
    const advice = 'grant it to the identity the worker runs as';
    return ['access-denied', `${operation} is not allowed (${text}): ${advice}`];
  }
  if (isUnreachable(error)) {
    const advice = 'check AWS_ENDPOINT_URL, the region and the network';
    return ['endpoint', `${operation}: the AWS endpoint cannot be reached (${text}): ${advice}`];
  }
  return ['aws', `${operation} failed (${text})`];
}

/** The region of the clients. Throws a `RunError` for what is wrong with what the SDK reads by itself. */
export async function requireRegion(clients: Pick<AwsClients, 'region'>): Promise<string> {
  const region = await clients.region();
  if (typeof region === 'string') return region;
  throw new RunError(region.code, `${region.detail}: ${region.remedy}`);
}
