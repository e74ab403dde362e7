import { AwsError } from '../error-answer.ts';
import type {
  Call,
  Json,
  Operation,
  OperationContext,
  RawRequest,
  Service,
  WireResponse,
} from '../service.ts';
import { objectOf, objectsOf, stringsOf } from '../wire/json.ts';
import { element, textElement, xmlDocument } from '../wire/write-xml.ts';
import { describeInput } from './describe-input.ts';
import { describeInstances } from './describe-instances.ts';
import { describeNetworkInterfaces } from './describe-network-interfaces.ts';
import { describeVpcs } from './describe-vpcs.ts';
import { terminateInstances } from './terminate-instances.ts';

const NAMESPACE = 'http://ec2.amazonaws.com/doc/2016-11-15/';

const OPERATIONS: Readonly<Record<string, Operation>> = {
  DescribeInstances: describeInstances,
  DescribeNetworkInterfaces: describeNetworkInterfaces,
  DescribeVpcs: describeVpcs,
  TerminateInstances: terminateInstances,
};

/** Amazon EC2 in the EC2 Query protocol: a form in, XML out. */
export const ec2Service: Service = {
  name: 'ec2',
  operations: Object.keys(OPERATIONS),
  operationOf: (request) => new URLSearchParams(request.body).get('Action') ?? 'Unknown',
  decode,
  execute,
  encode,
  encodeError,
  throttled: () => new AwsError('RequestLimitExceeded', 'Request limit exceeded.', 503),
  rateOf: () => ({ burst: 100, perSecond: 20 }),
};

function decode(request: RawRequest, operation: string): Json {
  return OPERATIONS[operation] === undefined ? {} : describeInput(new URLSearchParams(request.body));
}

function execute(context: OperationContext, call: Call): Json {
  const operation = OPERATIONS[call.operation];
  if (operation === undefined)
    throw new AwsError('InvalidAction', `The action ${call.operation} is not valid for this web service.`);
  return operation(context, call.input);
}

function encode(call: Call, output: Json, requestId: string): WireResponse {
  const body = xmlDocument(
    `${call.operation}Response`,
    NAMESPACE,
    textElement('requestId', requestId),
    listElement('reservationSet', output['Reservations'], reservationXml),
    listElement('networkInterfaceSet', output['NetworkInterfaces'], networkInterfaceXml),
    listElement('vpcSet', output['Vpcs'], vpcXml),
    listElement('instancesSet', output['TerminatingInstances'], stateChangeXml),
    textElement('nextToken', output['NextToken']),
  );
  return response(200, body);
}

function listElement(name: string, items: unknown, render: (item: Json) => string): string {
  return Array.isArray(items) ? element(name, ...objectsOf(items).map(render)) : '';
}

function reservationXml(reservation: Json): string {
  return element(
    'item',
    textElement('reservationId', reservation['ReservationId']),
    '<groupSet/>',
    listElement('instancesSet', reservation['Instances'], instanceXml),
  );
}

function instanceXml(instance: Json): string {
  const state = objectOf(instance['State']);
  const operator = objectOf(instance['Operator']);
  const placement = objectOf(instance['Placement']);
  const naming = objectOf(instance['PrivateDnsNameOptions']);
  return element(
    'item',
    textElement('instanceId', instance['InstanceId']),
    element('instanceState', textElement('code', state['Code']), textElement('name', state['Name'])),
    textElement('privateDnsName', instance['PrivateDnsName']),
    textElement('privateIpAddress', instance['PrivateIpAddress']),
    textElement('ipv6Address', instance['Ipv6Address']),
    textElement('vpcId', instance['VpcId']),
    textElement('subnetId', instance['SubnetId']),
    element(
      'placement',
      textElement('availabilityZone', placement['AvailabilityZone']),
      textElement('tenancy', placement['Tenancy']),
    ),
    listElement('networkInterfaceSet', instance['NetworkInterfaces'], networkInterfaceXml),
    element(
      'privateDnsNameOptions',
      textElement('hostnameType', naming['hostnameType']),
      textElement('enableResourceNameDnsARecord', naming['enableResourceNameDnsARecord']),
      textElement('enableResourceNameDnsAAAARecord', false),
    ),
    element('operator', textElement('managed', operator['Managed'])),
  );
}

function stateChangeXml(one: Json): string {
  const state = (name: string, value: Json) =>
    element(name, textElement('code', value['Code']), textElement('name', value['Name']));
  return element(
    'item',
    textElement('instanceId', one['InstanceId']),
    state('currentState', objectOf(one['CurrentState'])),
    state('previousState', objectOf(one['PreviousState'])),
  );
}

function vpcXml(vpc: Json): string {
  return element(
    'item',
    textElement('vpcId', vpc['VpcId']),
    textElement('ownerId', vpc['OwnerId']),
    textElement('state', vpc['State']),
    textElement('cidrBlock', vpc['CidrBlock']),
    listElement('cidrBlockAssociationSet', vpc['CidrBlockAssociationSet'], (one) =>
      element('item', textElement('cidrBlock', one['CidrBlock']), associated('cidrBlockState')),
    ),
    listElement('ipv6CidrBlockAssociationSet', vpc['Ipv6CidrBlockAssociationSet'], (one) =>
      element('item', textElement('ipv6CidrBlock', one['Ipv6CidrBlock']), associated('ipv6CidrBlockState')),
    ),
  );
}

function associated(name: string): string {
  return element(name, textElement('state', 'associated'));
}

function networkInterfaceXml(one: Json): string {
  return element(
    'item',
    textElement('networkInterfaceId', one['NetworkInterfaceId']),
    textElement('subnetId', one['SubnetId']),
    textElement('vpcId', one['VpcId']),
    textElement('status', one['Status']),
    textElement('privateIpAddress', one['PrivateIpAddress']),
    textElement('privateDnsName', one['PrivateDnsName']),
    element('privateIpAddressesSet', ...primaryXml(one), ...secondaryXml(one)),
    element('ipv6AddressesSet', ...ipv6Xml(one)),
    associationXml(one),
  );
}

function primaryXml(one: Json): readonly string[] {
  const address = textElement('privateIpAddress', one['PrivateIpAddress']);
  return address === '' ? [] : [element('item', address, textElement('primary', true), associationXml(one))];
}

function secondaryXml(one: Json): readonly string[] {
  return stringsOf(one['SecondaryAddresses']).map((address) =>
    element('item', textElement('privateIpAddress', address), textElement('primary', false)),
  );
}

function ipv6Xml(one: Json): readonly string[] {
  const address = textElement('ipv6Address', one['Ipv6Address']);
  return address === '' ? [] : [element('item', address)];
}

function associationXml(one: Json): string {
  const address = textElement('publicIp', one['PublicIp']);
  return address === '' ? '' : element('association', address);
}

function encodeError(error: AwsError, requestId: string): WireResponse {
  const details = element('Error', textElement('Code', error.code), textElement('Message', error.message));
  const body = element('Response', element('Errors', details), textElement('RequestID', requestId));
  return response(error.status, `<?xml version="1.0" encoding="UTF-8"?>\n${body}`);
}

function response(status: number, body: string): WireResponse {
  return { status, contentType: 'text/xml;charset=UTF-8', body };
}
