import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetProtectionsCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  type Route53Client,
} from '@aws-sdk/client-route-53';
import { sendOptions } from '../aws/send-options.ts';
import { required, requiredList } from '../aws/unreadable-answer.ts';
import { boundWait, type WaitBounds } from '../aws/wait-bounds.ts';
import type { Change } from '../model/change.ts';
import type { RecordSet } from '../model/record-set.ts';
import type { ZoneVpc } from '../model/zone.ts';

/** Where the next page of record sets starts; all three fields are needed between sets of one name. */
export interface RecordCursor {
  readonly name?: string | undefined;
  readonly type?: string | undefined;
  readonly setIdentifier?: string | undefined;
}

/** One page of a zone, and where the next one starts; `undefined` after the last. */
export interface RecordPage {
  readonly recordSets: readonly RecordSet[];
  readonly next: RecordCursor | undefined;
}

/** A page of the zones at and after a name, in Route 53's order. */
export interface ZonePage {
  readonly zones: readonly HostedZone[];
  readonly next: { readonly name: string | undefined; readonly id: string | undefined } | undefined;
}

/** A page of the names and types that nothing may change, and the token of the next one. */
export interface ProtectionPage {
  readonly protections: readonly { readonly name: string; readonly type: string; readonly comment: string }[];
  readonly nextToken: string | undefined;
}

/** How a batch is sent, and by which run. */
export interface ChangeRequest extends WaitBounds {
  readonly runId?: string | undefined;
}

/** What the worker needs of Route 53: one request a call. */
export interface Route53Api {
  /** With the VPCs of a private zone; none of a public one. */
  getZone(
    id: string,
    signal: AbortSignal | undefined,
  ): Promise<HostedZone & { readonly vpcs: readonly ZoneVpc[] }>;
  listZonesFrom(
    name: string | undefined,
    id: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ZonePage>;
  listRecordSets(zoneId: string, from: RecordCursor, signal: AbortSignal | undefined): Promise<RecordPage>;
  listProtections(
    zoneId: string,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<ProtectionPage>;
  /**
   * Sends one batch, once: all of it is carried out, or nothing. The bounds are those of the wait for its
   * turn; a batch that was given up in it ends with a `NotSentError`. Returns the id of the change, by which
   * `getChange` knows it.
   */
  changeRecordSets(
    zoneId: string,
    changes: readonly Change[],
    request?: ChangeRequest,
  ): Promise<string | undefined>;
  /** Returns its status: `INSYNC` once every name server of the zone answers by it. */
  getChange(id: string, signal: AbortSignal | undefined): Promise<string | undefined>;
}

/** Written with every batch, for operators who read the zone's CloudTrail events. */
const COMMENT = 'ecs-dns-reconciler';
/** How Route 53 gives the id of a change in its answers. */
const ID_PREFIX = /^\/change\//;
/** Source: Route 53 API Reference, "ChangeBatch". */
const MAX_COMMENT_LENGTH = 256;

function commentOf(runId: string | undefined): string {
  return runId === undefined ? COMMENT : `${COMMENT} run ${runId}`.slice(0, MAX_COMMENT_LENGTH);
}

/**
 * The real Route 53. `changes` must be a client that does not retry.
 *
 * @example
 * const api = route53Api(new Route53Client({}), new Route53Client({ maxAttempts: 1 }));
 */
export function route53Api(reads: Route53Client, changes: Route53Client): Route53Api {
  return {
    async getZone(id, abortSignal) {
      const answer = await reads.send(new GetHostedZoneCommand({ Id: id }), sendOptions(abortSignal));
      const vpcs = (answer.VPCs ?? []).map(({ VPCId: vpc = '', VPCRegion: region = '' }) => ({
        id: vpc,
        region,
      }));
      return { ...identified(required(answer.HostedZone, 'HostedZone')), vpcs };
    },
    async listZonesFrom(name, id, abortSignal) {
      const command = new ListHostedZonesByNameCommand({ DNSName: name, HostedZoneId: id });
      const answer = await reads.send(command, sendOptions(abortSignal));
      const zones = requiredList(answer.HostedZones, 'HostedZones').map(identified);
      const next = { name: answer.NextDNSName, id: answer.NextHostedZoneId };
      return { zones, next: required(answer.IsTruncated, 'IsTruncated') ? next : undefined };
    },
    async listRecordSets(zoneId, from, abortSignal) {
      const command = new ListResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        StartRecordName: from.name,
        StartRecordType: from.type as ResourceRecordSet['Type'],
        StartRecordIdentifier: from.setIdentifier,
      });
      const answer = await reads.send(command, sendOptions(abortSignal));
      const next = {
        name: answer.NextRecordName,
        type: answer.NextRecordType,
        setIdentifier: answer.NextRecordIdentifier,
      };
      return {
        recordSets: requiredList(answer.ResourceRecordSets, 'ResourceRecordSets').map(recordSetOf),
        next: required(answer.IsTruncated, 'IsTruncated') ? next : undefined,
      };
    },
    async listProtections(zoneId, token, abortSignal) {
      const command = new ListResourceRecordSetProtectionsCommand({ HostedZoneId: zoneId, NextToken: token });
      const answer = await reads.send(command, sendOptions(abortSignal));
      const protections = requiredList(
        answer.ResourceRecordSetProtections,
        'ResourceRecordSetProtections',
      ).map(({ RecordName: name = '', RecordType: type = '', Comment: comment = '' }) => ({
        name,
        type,
        comment,
      }));
      return { protections, nextToken: answer.NextToken };
    },
    async changeRecordSets(zoneId, batch, request) {
      const Changes = batch.map(({ action, recordSet }) => ({
        Action: action,
        ResourceRecordSet: recordSet as ResourceRecordSet,
      }));
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        ChangeBatch: { Comment: commentOf(request?.runId), Changes },
      });
      if (request !== undefined) command.middlewareStack.use(boundWait(request));
      // Without it, some other party has answered, and Route 53 may have carried the batch out or not.
      return required((await changes.send(command)).ChangeInfo, 'ChangeInfo').Id?.replace(ID_PREFIX, '');
    },
    async getChange(id, abortSignal) {
      const answer = await reads.send(new GetChangeCommand({ Id: id }), sendOptions(abortSignal));
      return required(answer.ChangeInfo, 'ChangeInfo').Status;
    },
  };
}

/** A zone without an id or a name is none that could be read. */
function identified(zone: HostedZone): HostedZone {
  required(zone.Id, 'Id of the hosted zone');
  required(zone.Name, 'Name of the hosted zone');
  return zone;
}

/** The very object wherever it lacks nothing: a large zone is not to be held twice. */
function recordSetOf(set: ResourceRecordSet): RecordSet {
  const { Name, Type, ResourceRecords, ...rest } = set;
  const hasValues = ResourceRecords?.every(({ Value }) => Value !== undefined) ?? true;
  if (Name !== undefined && Type !== undefined && hasValues) return set as RecordSet;
  const values = ResourceRecords?.map(({ Value = '' }) => ({ Value }));
  return { Name: Name ?? '', Type: Type ?? '', ...rest, ...(values && { ResourceRecords: values }) };
}
