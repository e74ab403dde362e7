import type { Intercept, SandboxRequest } from '../../src/sandbox/answer.ts';
import { AwsError } from '../../src/sandbox/error-answer.ts';
import { type SandboxOptions, type SandboxServer, startSandboxServer } from '../../src/sandbox/server.ts';
import type { ServiceName, WireResponse } from '../../src/sandbox/service.ts';
import { element, textElement, xmlDocument } from '../../src/sandbox/wire/write-xml.ts';
import type { World } from '../../src/sandbox/world/world.ts';
import { FaultPlan, type FaultRule } from './faults.ts';

export interface TestServerOptions extends SandboxOptions {
  /** The only access key that is let in; without it anyone is. */
  readonly requireAccessKey?: string;
  /**
   * How a rejected batch is answered: `generic`, the default, is what the service sends in practice;
   * `modeled` is what its API reference shows, an element for each message.
   */
  readonly batchErrorForm?: 'generic' | 'modeled';
}

/** The sandbox's server, with faults that a test puts in force. */
export interface TestServer extends SandboxServer {
  /** Puts a fault rule in force; the function returned takes it back. */
  addFault(rule: FaultRule): () => void;
}

/** Starts the sandbox's server for a test; the test that starts it closes it. */
export async function startTestServer(world: World, options: TestServerOptions = {}): Promise<TestServer> {
  const { requireAccessKey, batchErrorForm, intercept = (request) => request.answer(), ...others } = options;
  const faults = new FaultPlan();
  const formed = batchErrorForm === 'modeled' ? modeled(intercept) : intercept;
  const server = await startSandboxServer(world, {
    ...others,
    intercept: (request) => {
      if (requireAccessKey !== undefined) checkAccessKey(request, requireAccessKey);
      return faults.meet(request, formed);
    },
  });
  return { ...server, addFault: (rule) => faults.add(rule) };
}

const UNRECOGNIZED = new AwsError(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);
const UNKNOWN_ID = new AwsError(
  'InvalidClientTokenId',
  'The security token included in the request is invalid.',
  403,
);

/** What each service answers to a key that it does not know. */
const BAD_CREDENTIALS: Readonly<Record<ServiceName, AwsError>> = {
  ecs: UNRECOGNIZED,
  events: UNRECOGNIZED,
  sqs: UNRECOGNIZED,
  servicediscovery: UNRECOGNIZED,
  sns: UNKNOWN_ID,
  ec2: new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401),
  route53: UNKNOWN_ID,
  elbv2: UNKNOWN_ID,
  elb: UNKNOWN_ID,
};

function checkAccessKey({ service, raw }: SandboxRequest, required: string): void {
  const authorization = String(raw.headers['authorization'] ?? '');
  const accessKey = /Credential=([^/,\s]+)\//.exec(authorization)?.[1];
  if (accessKey !== required) throw BAD_CREDENTIALS[service];
}

const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/';

/** Gives the messages of a rejected batch an element each. */
function modeled(intercept: Intercept): Intercept {
  return (request) => {
    try {
      return intercept(request);
    } catch (error) {
      if (!(error instanceof AwsError) || error.messages.length === 0) throw error;
      return modeledError(error);
    }
  };
}

function modeledError({ code, status, messages }: AwsError): WireResponse {
  const elements = element('Messages', ...messages.map((message) => textElement('Message', message)));
  const body = xmlDocument(code, NAMESPACE, elements, textElement('RequestId', 'of-a-test'));
  return { status, contentType: 'text/xml', headers: {}, body };
}
