import { RunError } from '../model/run-error.ts';
import { describeError, isAccessDenied, isCredentialsError, isUnreachable } from './aws-error.ts';

/** Turns the failure of a call that a run cannot do without into a `RunError` that says what to do. */
export function explainAwsError(operation: string, error: unknown): RunError {
  if (error instanceof RunError) return error;
  const text = describeError(error);
  if (isCredentialsError(error)) {
    return new RunError(
      'credentials',
      `no usable AWS credentials for ${operation} (${text}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with an IAM role`,
      error,
    );
  }
  if (/region is missing/i.test(text)) {
    return new RunError('region', 'no AWS region: set AWS_REGION or the region of the AWS profile', error);
  }
  if (isAccessDenied(error)) {
    return new RunError(
      'access-denied',
      `${operation} is not allowed (${text}): grant it to the identity the worker runs as`,
      error,
    );
  }
  if (isUnreachable(error)) {
    return new RunError(
      'endpoint',
      `${operation}: the AWS endpoint cannot be reached (${text}): check AWS_ENDPOINT_URL, the region and the network`,
      error,
    );
  }
  return new RunError('aws', `${operation} failed (${text})`, error);
}
