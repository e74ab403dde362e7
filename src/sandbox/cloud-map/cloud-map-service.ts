import { AwsError } from '../error-answer.ts';
import type { Json, Operation, Service } from '../service.ts';
import { decodeJson, encodeJsonError, jsonResponse } from '../wire/json-protocol.ts';
import { getService, listServices } from './discovery-services.ts';
import { getNamespace, listNamespaces } from './namespaces.ts';

/** What the header `x-amz-target` of a Cloud Map request starts with. */
export const CLOUD_MAP_TARGET = 'Route53AutoNaming_v20170314.';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ListNamespaces: listNamespaces,
  GetNamespace: getNamespace,
  ListServices: listServices,
  GetService: getService,
};

/** AWS Cloud Map in AWS JSON 1.1, as far as it tells what services there are. */
export const cloudMapService: Service = {
  name: 'servicediscovery',
  operations: Object.keys(OPERATIONS),
  operationOf: (request) => String(request.headers['x-amz-target']).slice(CLOUD_MAP_TARGET.length),
  decode: decodeJson,
  execute: (context, call): Json => {
    const operation = OPERATIONS[call.operation];
    if (operation !== undefined) return operation(context, call.input);
    const text = `The sandbox does not know servicediscovery:${call.operation}.`;
    throw new AwsError('UnknownOperationException', text);
  },
  encode: (_, output) => jsonResponse(200, output),
  encodeError: encodeJsonError,
  throttled: () => new AwsError('RequestLimitExceeded', 'Rate exceeded'),
  // AWS does not say how much it is.
  rateOf: () => ({ burst: 100, perSecond: 50 }),
};
