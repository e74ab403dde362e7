import {
  describeError,
  errorName,
  isAccessDenied,
  isCredentialsError,
  isThrottling,
  isUnknown,
  isUnreachable,
} from '../aws/aws-error.ts';
import { busRegion } from '../publish/create-publisher.ts';
import { type CallRecord, NoAnswer } from './call-record.ts';
import { fail, ok, type Result, skip } from './finding.ts';

/** The services whose endpoints runs need, by the prefixes of IAM; DynamoDB is the state's own affair. */
const AWS_SERVICES = ['route53', 'ecs', 'ec2', 'elasticloadbalancing', 'servicediscovery', 'sqs'] as const;
type AwsService = (typeof AWS_SERVICES)[number];

export function servicesOf(actions: readonly string[]): readonly AwsService[] {
  return AWS_SERVICES.filter((service) => actions.some((action) => action.startsWith(`${service}:`)));
}

const CREDENTIALS_REMEDY =
  'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run with an IAM role';

/** Whether credentials are there, and no service has refused them. */
export async function examineCredentials(resolve: () => Promise<unknown>): Promise<Result> {
  try {
    await resolve();
    return ok('found');
  } catch (error) {
    return fail(describeError(error), CREDENTIALS_REMEDY);
  }
}

export function judgeCredentials(services: readonly AwsService[], record: CallRecord): Result {
  const answers = services.map((service) => record.answersOf(service));
  const refusal = answers.flatMap(({ errors }) => errors).find(isCredentialsError);
  if (refusal !== undefined) return fail(describeError(refusal), CREDENTIALS_REMEDY);
  const isReached = answers.some(({ calls, errors }) => calls > 0 && !errors.some(isOutOfReach));
  return ok(isReached ? 'found, and accepted' : 'found; no service could be asked about them');
}

export function judgeEndpoint(service: AwsService, record: CallRecord): Result {
  const { calls, errors } = record.answersOf(service);
  if (calls === 0) return skip('nothing was asked of it');
  const error = errors.find(isOutOfReach);
  if (error === undefined) return ok('answers');
  return fail(
    describeError(error),
    `check AWS_ENDPOINT_URL, the region and the network: a private subnet needs a NAT gateway or an interface endpoint for ${service}`,
  );
}

export function judgeCall(action: string, record: CallRecord): Result {
  const untried = UNTRIED[action];
  if (untried !== undefined) return skip(untried);
  const { calls, errors } = record.answersOf(action);
  if (calls === 0) return skip('there was nothing to try it on');
  // A denial says more than that others were not answered.
  const error = errors.find(isAccessDenied) ?? errors[0];
  if (error === undefined) return ok('permitted');
  if (isCredentialsError(error)) return skip('the credentials are refused');
  if (isOutOfReach(error)) return skip('the endpoint cannot be reached');
  if (isNoQueue(error)) return skip('there is no such queue');
  if (ANSWERS.has(errorName(error)) || isUnknown(error)) return ok('permitted');
  const spared = OPTIONAL[action];
  if (spared !== undefined && isAccessDenied(error)) return skip(spared);
  const share = errors.length < calls ? ` (${errors.length} of ${calls} calls)` : '';
  return fail(describeError(error) + share, remedyOf(action, error));
}

const DELETE = 'sqs:DeleteMessage';

/** Whether the queue of events is there, by what the one call says that may be tried on it. */
export function judgeQueue(url: string, record: CallRecord): Result {
  const { calls, errors } = record.answersOf(DELETE);
  if (errors.some(isNoQueue)) {
    return fail(
      `there is no queue ${url}: SQS does not know it`,
      'correct the URL in `events`, or make the queue',
    );
  }
  return calls === 0 || errors.length > 0 ? skip(`${DELETE} tells why it is not known`) : ok('it is there');
}

function isNoQueue(error: unknown): boolean {
  return /QueueDoesNotExist|NonExistentQueue/.test(errorName(error));
}

/** Errors of what was asked for, not of the asking. */
const ANSWERS: ReadonlySet<string> = new Set(['ClusterNotFoundException', 'NoSuchHostedZone']);

/** What a run does without, where the role may not. */
const OPTIONAL: Readonly<Record<string, string>> = {
  'route53:ListResourceRecordSetProtections':
    'not permitted: protected names are then found out by a batch that is rejected, and goes again without them',
};

const UNTRIED: Readonly<Record<string, string>> = {
  'route53:ChangeResourceRecordSets':
    'it cannot be tried without changing the zone: compare the policy with `ecs-dns iam`',
  'route53:GetChange': 'it cannot be tried without a change to ask of: compare the policy with `ecs-dns iam`',
  'sqs:ReceiveMessage':
    'it cannot be tried without taking a message, which counts as a failed try: compare the policy with `ecs-dns iam`',
  'sns:Publish': 'it cannot be tried without sending a notice: compare the policy with `ecs-dns iam`',
  'sqs:SendMessage': 'it cannot be tried without sending a message: compare the policy with `ecs-dns iam`',
  'ecs:StopTask': 'it cannot be tried without stopping a task: compare the policy with `ecs-dns iam`',
};

/** What can be said of an event bus, which takes events only, and takes them for good. */
export function judgeEventBus(bus: string): Result {
  const region = busRegion(bus);
  const place = region === undefined ? '' : ` --region ${region}`;
  return skip(
    `it cannot be tried without sending an event: compare the policy with \`ecs-dns iam\`, and see with \`aws events describe-event-bus --name ${bus}${place}\` that there is such a bus, because EventBridge may not say so`,
  );
}

function remedyOf(action: string, error: unknown): string {
  if (isAccessDenied(error)) return `grant ${action}: \`ecs-dns iam\` prints the policy`;
  if (isThrottling(error)) return 'wait, and see who else uses up the quota of the account';
  return 'see what the error says, and try again';
}

/** Whether the error is that of the way to the service, and not of the service. */
export function isOutOfReach(error: unknown): boolean {
  return error instanceof NoAnswer || isUnreachable(error);
}
