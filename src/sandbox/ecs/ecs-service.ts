import { AwsError } from '../error-answer.ts';
import type { Call, Json, Operation, OperationContext, Rate, Service } from '../service.ts';
import { decodeJson, encodeJsonError, jsonResponse } from '../wire/json-protocol.ts';
import { describeClusters, listClusters } from './clusters.ts';
import { describeContainerInstances, listContainerInstances } from './container-instances.ts';
import { describeTaskDefinition } from './describe-task-definition.ts';
import { runTask } from './run-task.ts';
import { describeServices, listServices } from './services.ts';
import { describeTasks, listTasks, stopTask } from './tasks.ts';
import { updateService } from './update-service.ts';

/** What the header `x-amz-target` of an ECS request starts with. */
export const ECS_TARGET = 'AmazonEC2ContainerServiceV20141113.';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ListClusters: listClusters,
  DescribeClusters: describeClusters,
  ListTasks: listTasks,
  DescribeTasks: describeTasks,
  RunTask: runTask,
  StopTask: stopTask,
  ListContainerInstances: listContainerInstances,
  DescribeContainerInstances: describeContainerInstances,
  ListServices: listServices,
  DescribeServices: describeServices,
  UpdateService: updateService,
  DescribeTaskDefinition: describeTaskDefinition,
};

// Source: ECS API reference, "Request throttling".
const RATES: Readonly<Record<string, Rate>> = {
  ListClusters: { burst: 50, perSecond: 20 },
  DescribeClusters: { burst: 50, perSecond: 20 },
  DescribeTaskDefinition: { burst: 50, perSecond: 20 },
  StopTask: { burst: 100, perSecond: 40 },
  RunTask: { burst: 100, perSecond: 40 },
  UpdateService: { burst: 50, perSecond: 5 },
};

/** Amazon ECS in AWS JSON 1.1: the operation in a header, JSON both ways, errors by `__type`. */
export const ecsService: Service = {
  name: 'ecs',
  operations: Object.keys(OPERATIONS),
  operationOf: (request) => String(request.headers['x-amz-target']).slice(ECS_TARGET.length),
  decode: decodeJson,
  execute,
  encode: (_, output) => jsonResponse(200, output),
  encodeError: encodeJsonError,
  throttled: () => new AwsError('ThrottlingException', 'Rate exceeded'),
  rateOf: (operation) => RATES[operation] ?? { burst: 100, perSecond: 20 },
};

function execute(context: OperationContext, call: Call): Json {
  const operation = OPERATIONS[call.operation];
  if (operation === undefined)
    throw new AwsError('UnknownOperationException', `The sandbox does not know ecs:${call.operation}.`);
  return operation(context, call.input);
}
