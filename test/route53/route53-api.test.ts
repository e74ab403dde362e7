import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { isAmbiguous } from '../../src/aws/aws-error.ts';
import { route53Api } from '../../src/route53/route53-api.ts';
import { srvSet } from './support.ts';

const readClient = new Route53Client({ region: 'eu-west-1' });
const changeClient = new Route53Client({ region: 'eu-west-1' });
const reads = mockClient(readClient);
const changes = mockClient(changeClient);
const api = route53Api(readClient, changeClient);
beforeEach(() => {
  reads.reset();
  changes.reset();
});

const sent = (mock: typeof reads) => mock.calls().map(({ args }) => args[0].input);

const ACCEPTED = { ChangeInfo: { Id: '/change/C1', Status: 'PENDING' as const, SubmittedAt: new Date(0) } };

describe('getZone', () => {
  it('asks by id', async () => {
    const zone = { Id: '/hostedzone/Z1', Name: 'discovery.internal.', CallerReference: 'x' };
    const VPCs = [{ VPCId: 'vpc-1', VPCRegion: 'eu-west-1' }] as const;
    reads.on(GetHostedZoneCommand).resolves({ HostedZone: zone, VPCs: [...VPCs] });
    const vpcs = [{ id: 'vpc-1', region: 'eu-west-1' }];
    expect(await api.getZone('Z1', undefined)).toEqual({ ...zone, vpcs });
    expect(sent(reads)).toEqual([{ Id: 'Z1' }]);
  });

  it('fails on an answer without a zone', async () => {
    reads.on(GetHostedZoneCommand).resolves({});
    await expect(api.getZone('Z1', undefined)).rejects.toThrow('the answer has no HostedZone');
  });
});

describe('listZonesFrom', () => {
  it.each([
    ['says where the next page starts', { IsTruncated: true }, { name: 'b.', id: 'Z2' }],
    ['ends with the page that is not truncated', { IsTruncated: false }, undefined],
  ])('%s', async (_, truncated, next) => {
    const HostedZones = [{ Id: 'Z1', Name: 'a.', CallerReference: 'x' }];
    reads
      .on(ListHostedZonesByNameCommand)
      .resolves({ HostedZones, NextDNSName: 'b.', NextHostedZoneId: 'Z2', MaxItems: 100, ...truncated });
    expect(await api.listZonesFrom('a.', 'Z0', undefined)).toEqual({ zones: HostedZones, next });
    expect(sent(reads)).toEqual([{ DNSName: 'a.', HostedZoneId: 'Z0' }]);
  });

  it('takes an answer without the list as none', async () => {
    reads.on(ListHostedZonesByNameCommand).resolves({});
    await expect(api.listZonesFrom('a.', undefined, undefined)).rejects.toThrow('has no HostedZones');
  });
});

describe('listRecordSets', () => {
  it('sends all three cursors and gives all three back', async () => {
    reads.on(ListResourceRecordSetsCommand).resolves({
      ResourceRecordSets: [],
      IsTruncated: true,
      NextRecordName: 'b.',
      NextRecordType: 'SRV',
      NextRecordIdentifier: 'two',
      MaxItems: 300,
    });
    const page = await api.listRecordSets('Z1', { name: 'a.', type: 'A', setIdentifier: 'one' }, undefined);
    expect(page).toEqual({ recordSets: [], next: { name: 'b.', type: 'SRV', setIdentifier: 'two' } });
    expect(sent(reads)).toEqual([
      { HostedZoneId: 'Z1', StartRecordName: 'a.', StartRecordType: 'A', StartRecordIdentifier: 'one' },
    ]);
  });

  it('starts without a cursor at the beginning and ends with the page that is not truncated', async () => {
    const ResourceRecordSets: [] = [];
    const last = { IsTruncated: false, NextRecordName: 'ignored.', MaxItems: 300 };
    reads.on(ListResourceRecordSetsCommand).resolves({ ResourceRecordSets, ...last });
    expect(await api.listRecordSets('Z1', {}, undefined)).toEqual({ recordSets: [], next: undefined });
    expect(sent(reads)).toEqual([{ HostedZoneId: 'Z1' }]);
  });

  it('keeps every field of a set for its deletion', async () => {
    const set = {
      Name: '\\052.discovery.internal.',
      Type: 'SRV' as const,
      SetIdentifier: 'Host:ABC',
      Weight: 0,
      TTL: 0,
      HealthCheckId: 'h',
      ResourceRecords: [{ Value: '1 1 80 Host.Internal.' }],
    };
    const alias = {
      Name: 'alias.',
      Type: 'A' as const,
      AliasTarget: { DNSName: 'lb.', HostedZoneId: 'Z9', EvaluateTargetHealth: false },
    };
    reads
      .on(ListResourceRecordSetsCommand)
      .resolves({ ResourceRecordSets: [set, alias], IsTruncated: false, MaxItems: 300 });
    const { recordSets } = await api.listRecordSets('Z1', {}, undefined);
    expect(recordSets).toEqual([set, alias]);
    expect(recordSets[1]).not.toHaveProperty('ResourceRecords');
  });

  it.each([
    ['ResourceRecordSets', { IsTruncated: false }],
    ['IsTruncated', { ResourceRecordSets: [] }],
  ])('takes an answer without %s as none', async (member, answer) => {
    reads.on(ListResourceRecordSetsCommand).resolves({ MaxItems: 300, ...answer });
    await expect(api.listRecordSets('Z1', {}, undefined)).rejects.toThrow(`the answer has no ${member}`);
  });

  it('takes what is missing in a set as empty', async () => {
    reads.on(ListResourceRecordSetsCommand).resolves({
      ResourceRecordSets: [{ Name: undefined, Type: undefined, ResourceRecords: [{ Value: undefined }] }],
      IsTruncated: false,
      MaxItems: 300,
    });
    expect((await api.listRecordSets('Z1', {}, undefined)).recordSets).toEqual([
      { Name: '', Type: '', ResourceRecords: [{ Value: '' }] },
    ]);
  });
});

describe('changeRecordSets', () => {
  it('sends one batch, with the comment, by the client that never retries', async () => {
    changes.on(ChangeResourceRecordSetsCommand).resolves(ACCEPTED);
    const [gone, kept] = [srvSet(1), srvSet(2)];
    await api.changeRecordSets('Z1', [
      { action: 'DELETE', recordSet: gone },
      { action: 'CREATE', recordSet: kept },
    ]);
    expect(sent(changes)).toEqual([
      {
        HostedZoneId: 'Z1',
        ChangeBatch: {
          Comment: 'ecs-dns-reconciler',
          Changes: [
            { Action: 'DELETE', ResourceRecordSet: gone },
            { Action: 'CREATE', ResourceRecordSet: kept },
          ],
        },
      },
    ]);
    expect(reads.calls()).toEqual([]);
  });

  it.each([
    ['/change/C123', 'C123'],
    ['C123', 'C123'],
    [undefined, undefined],
  ])('returns the id of the change that Route 53 calls %s as %s', async (Id, id) => {
    changes.on(ChangeResourceRecordSetsCommand).resolves({ ChangeInfo: { ...ACCEPTED.ChangeInfo, Id } });
    expect(await api.changeRecordSets('Z1', [])).toBe(id);
  });

  it('takes an answer that confirms nothing for none, after which the batch may be carried out or not', async () => {
    changes.on(ChangeResourceRecordSetsCommand).resolves({});
    const error: unknown = await api.changeRecordSets('Z1', []).catch((cause: unknown) => cause);
    expect(isAmbiguous(error)).toBe(true);
  });

  it('rejects with what the client rejects with', async () => {
    changes.on(ChangeResourceRecordSetsCommand).rejects(new Error('not today'));
    await expect(api.changeRecordSets('Z1', [])).rejects.toThrow('not today');
  });
});

describe('getChange', () => {
  it('asks for the status of one change', async () => {
    reads.on(GetChangeCommand).resolves(ACCEPTED);
    expect(await api.getChange('C123', undefined)).toBe(ACCEPTED.ChangeInfo.Status);
    expect(sent(reads)).toEqual([{ Id: 'C123' }]);
  });

  it('takes an answer without a change for none', async () => {
    reads.on(GetChangeCommand).resolves({});
    await expect(api.getChange('C123', undefined)).rejects.toThrow('ChangeInfo');
  });
});

it('hands the signal to the client that reads', async () => {
  reads.onAnyCommand().resolves({
    HostedZone: { Id: 'Z1', Name: 'a.', CallerReference: 'x' },
    HostedZones: [],
    ResourceRecordSets: [],
    IsTruncated: false,
  });
  const { signal } = new AbortController();
  await api.getZone('Z1', signal);
  await api.listZonesFrom('a.', undefined, signal);
  await api.listRecordSets('Z1', {}, signal);
  expect(reads.calls().flatMap(({ args }) => args.slice(1))).toEqual([
    { abortSignal: signal },
    { abortSignal: signal },
    { abortSignal: signal },
  ]);
});
