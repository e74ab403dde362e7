import { describe, expect, it } from 'vitest';
import { explainAwsError } from '../../src/aws/explain-error.ts';
import { RunError, type RunErrorCode } from '../../src/model/run-error.ts';
import { awsError, networkError } from './support.ts';

describe('explainAwsError', () => {
  it.each<[string, Error, RunErrorCode, RegExp]>([
    [
      'no credentials',
      awsError('CredentialsProviderError'),
      'credentials',
      /set AWS_PROFILE, or AWS_ACCESS_KEY_ID/,
    ],
    ['an expired token', awsError('ExpiredToken', { status: 400 }), 'credentials', /or run with an IAM role/],
    ['no region', new Error('Region is missing'), 'region', /set AWS_REGION/],
    [
      'a forbidden call',
      awsError('AccessDenied', { status: 403 }),
      'access-denied',
      /ecs:ListTasks is not allowed.*grant it/,
    ],
    ['nobody at the endpoint', networkError('ECONNREFUSED'), 'endpoint', /check AWS_ENDPOINT_URL/],
    [
      'nobody at either address',
      new AggregateError([networkError('ECONNREFUSED')]),
      'endpoint',
      /ECONNREFUSED/,
    ],
    [
      'anything else',
      awsError('ServerException', { status: 500 }),
      'aws',
      /^ecs:ListTasks failed \(ServerException: it was said\)$/,
    ],
  ])('%s', (_, error, code, remedy) => {
    const explained = explainAwsError('ecs:ListTasks', error);
    expect(explained).toBeInstanceOf(RunError);
    expect(explained).toMatchObject({ name: 'RunError', code, cause: error });
    expect(explained.message).toMatch(remedy);
    expect(explained.message).not.toContain('\n');
  });

  it('leaves what is explained already as it is', () => {
    const error = new RunError('zone-not-found', 'zone: none');
    expect(explainAwsError('route53:GetHostedZone', error)).toBe(error);
  });

  it('has no cause where there was none', () => {
    expect(new RunError('aws', 'it failed')).not.toHaveProperty('cause');
  });
});
