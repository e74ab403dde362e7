import type { Json, Operation, RawRequest } from '../service.ts';
import { changeInput } from './change-input.ts';
import { changeResourceRecordSets, getChange } from './change-record-sets.ts';
import { listResourceRecordSetProtections } from './list-protections.ts';
import { listResourceRecordSets } from './list-record-sets.ts';
import { getHostedZone, getHostedZoneLimit, listHostedZones, listHostedZonesByName } from './zones.ts';

/** One operation: its path below the API's version, and how its request becomes the SDK's input. */
interface Route {
  readonly operation: string;
  readonly method: string;
  readonly path: RegExp;
  readonly input: (parts: readonly string[], request: RawRequest) => Json;
  readonly run: Operation;
}

export const VERSION_PATH = '/2013-04-01/';

const ROUTES: readonly Route[] = [
  {
    operation: 'ListResourceRecordSets',
    method: 'GET',
    path: /^hostedzone\/([^/]+)\/rrset\/?$/,
    input: ([id], { query }) => ({
      HostedZoneId: id,
      ...fromQuery(query, {
        name: 'StartRecordName',
        type: 'StartRecordType',
        identifier: 'StartRecordIdentifier',
        maxitems: 'MaxItems',
      }),
    }),
    run: listResourceRecordSets,
  },
  {
    operation: 'ListResourceRecordSetProtections',
    method: 'GET',
    path: /^hostedzone\/([^/]+)\/rrsetprotection\/?$/,
    input: ([id], { query }) => ({
      HostedZoneId: id,
      ...fromQuery(query, { maxresults: 'MaxResults', nexttoken: 'NextToken' }),
    }),
    run: listResourceRecordSetProtections,
  },
  {
    operation: 'ChangeResourceRecordSets',
    method: 'POST',
    path: /^hostedzone\/([^/]+)\/rrset\/?$/,
    input: ([id = ''], { body }) => changeInput(id, body),
    run: changeResourceRecordSets,
  },
  {
    operation: 'GetHostedZone',
    method: 'GET',
    path: /^hostedzone\/([^/]+)$/,
    input: ([id]) => ({ Id: id }),
    run: getHostedZone,
  },
  {
    operation: 'ListHostedZones',
    method: 'GET',
    path: /^hostedzone\/?$/,
    input: (_, { query }) =>
      fromQuery(query, { marker: 'Marker', maxitems: 'MaxItems', hostedzonetype: 'HostedZoneType' }),
    run: listHostedZones,
  },
  {
    operation: 'ListHostedZonesByName',
    method: 'GET',
    path: /^hostedzonesbyname\/?$/,
    input: (_, { query }) =>
      fromQuery(query, { dnsname: 'DNSName', hostedzoneid: 'HostedZoneId', maxitems: 'MaxItems' }),
    run: listHostedZonesByName,
  },
  {
    operation: 'GetHostedZoneLimit',
    method: 'GET',
    path: /^hostedzonelimit\/([^/]+)\/([^/]+)$/,
    input: ([id, type]) => ({ HostedZoneId: id, Type: type }),
    run: getHostedZoneLimit,
  },
  {
    operation: 'GetChange',
    method: 'GET',
    path: /^change\/([^/]+)$/,
    input: ([id]) => ({ Id: id }),
    run: getChange,
  },
];

export const OPERATION_NAMES: readonly string[] = ROUTES.map(({ operation }) => operation);

/** The route a request takes; `undefined` when the sandbox has none. */
export function routeOf(request: RawRequest): Route | undefined {
  const path = request.path.slice(VERSION_PATH.length);
  return ROUTES.find((route) => route.method === request.method && route.path.test(path));
}

export function operationNamed(name: string): Operation | undefined {
  return ROUTES.find((route) => route.operation === name)?.run;
}

/** The input a request carries for the route it takes. */
export function inputOf(route: Route, request: RawRequest): Json {
  const found = route.path.exec(request.path.slice(VERSION_PATH.length)) ?? [];
  return route.input(found.slice(1).map(decodeURIComponent), request);
}

function fromQuery(query: URLSearchParams, names: Readonly<Record<string, string>>): Json {
  const found = [...query].filter(([name]) => names[name] !== undefined);
  return Object.fromEntries(found.map(([name, value]) => [names[name], value]));
}
