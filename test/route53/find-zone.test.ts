import type { HostedZone } from '@aws-sdk/client-route-53';
import { describe, expect, it } from 'vitest';
import type { RunErrorCode } from '../../src/model/run-error.ts';
import type { ZoneSelector } from '../../src/model/zone.ts';
import { findZone } from '../../src/route53/find-zone.ts';
import { awsError } from '../aws/support.ts';
import { DENIED, inMemoryRoute53 } from './support.ts';

function zone(id: string, name: string, fields: Partial<HostedZone> = {}): HostedZone {
  return { Id: `/hostedzone/${id}`, Name: name, CallerReference: id, ...fields };
}

const privately = { Config: { PrivateZone: true } };
const CLOUD_MAP = { ServicePrincipal: 'servicediscovery.amazonaws.com', Description: 'Cloud Map' };
const zones = [
  zone('Z1', 'discovery.internal.'),
  zone('Z2', 'twins.internal.', privately),
  zone('Z3', 'twins.internal.'),
  zone('Z4', 'unique.internal.', privately),
  zone('Z5', 'mapped.internal.', { LinkedService: CLOUD_MAP }),
  zone('Z6', 'linked.internal.', { LinkedService: {} }),
  zone('Z7', '\\052.wild.internal.'),
];

const byName = (name: string): ZoneSelector => ({ kind: 'name', name });
const byId = (id: string): ZoneSelector => ({ kind: 'id', id });

describe('a zone that is there', () => {
  it.each<[string, ZoneSelector, { id: string; name: string }]>([
    ['by its id', byId('Z1'), { id: 'Z1', name: 'discovery.internal.' }],
    ['by its name', byName('discovery.internal'), { id: 'Z1', name: 'discovery.internal.' }],
    ['by its name, among neighbours', byName('unique.internal'), { id: 'Z4', name: 'unique.internal.' }],
    ['by an id that tells twins apart', byId('Z3'), { id: 'Z3', name: 'twins.internal.' }],
    [
      'by a name that Route 53 escapes',
      byName('*.wild.internal'),
      { id: 'Z7', name: '\\052.wild.internal.' },
    ],
  ])('is found %s', async (_, selector, found) => {
    expect(await findZone(selector, inMemoryRoute53({ zones }), undefined)).toEqual(found);
  });
});

describe('a zone that cannot be used', () => {
  it.each<[string, ZoneSelector, RunErrorCode, readonly string[]]>([
    ['an id that is not there', byId('Z9'), 'zone-not-found', ['Z9', 'correct the id']],
    [
      'a name that is not there',
      byName('discovery.intern'),
      'zone-not-found',
      ['discovery.intern ', '(the next one in order is'],
    ],
    [
      'a name after all others',
      byName('zzz.zzz'),
      'zone-not-found',
      ['no hosted zone is named zzz.zzz in this account:'],
    ],
    ['a parent of a zone', byName('internal'), 'zone-not-found', ['correct the name']],
    [
      'a name that a public and a private zone bear',
      byName('twins.internal'),
      'zone-ambiguous',
      ['2 hosted zones', 'Z2 (private), Z3 (public)', 'give the id'],
    ],
    [
      'a zone of Cloud Map, by name',
      byName('mapped.internal'),
      'zone-linked',
      ['mapped.internal. (Z5)', 'servicediscovery.amazonaws.com ("Cloud Map")'],
    ],
    ['a zone of Cloud Map, by id', byId('Z5'), 'zone-linked', ['servicediscovery.amazonaws.com']],
    ['a zone of a service without a name', byId('Z6'), 'zone-linked', ['belongs to another service, which']],
  ])('%s', async (_, selector, code, parts) => {
    const finding = findZone(selector, inMemoryRoute53({ zones }), undefined);
    await expect(finding).rejects.toMatchObject({ name: 'RunError', code });
    const message = await finding.catch((error: Error) => error.message);
    expect(message).toMatch(/^zone: [^\n]+$/);
    for (const part of parts) expect(message).toContain(part);
  });
});

describe('same-named zones on several pages', () => {
  const five = ['Z1', 'Z2', 'Z3', 'Z4', 'Z5'].map((id) => zone(id, 'twins.internal.'));

  it.each([1, 2, 3, 5])('are all counted with %d a page', async (pageSize) => {
    const finding = findZone(byName('twins.internal'), inMemoryRoute53({ zones: five, pageSize }), undefined);
    await expect(finding).rejects.toThrow('5 hosted zones');
  });

  it('are told from the neighbour on the next page', async () => {
    const api = inMemoryRoute53({
      zones: [zone('Z1', 'a.internal.'), zone('Z2', 'b.internal.')],
      pageSize: 1,
    });
    expect(await findZone(byName('a.internal'), api, undefined)).toEqual({ id: 'Z1', name: 'a.internal.' });
  });
});

describe('a listing that does not end', () => {
  const twin = zone('Z1', 'twins.internal.');

  it.each<[string, (id: string | undefined) => string | undefined]>([
    ['the same cursor again', () => 'Z1'],
    ['a cursor without an id', () => undefined],
    ['two cursors by turns', (id) => (id === 'Z1' ? 'Z2' : 'Z1')],
    ['three cursors by turns', (id) => (id === 'Z1' ? 'Z2' : id === 'Z2' ? 'Z3' : 'Z1')],
  ])('is not followed for ever: %s', async (_, next) => {
    let pages = 0;
    const listZonesFrom = (name: string | undefined, id: string | undefined) => {
      if (++pages > 9) throw new TypeError('asked without end');
      return Promise.resolve({ zones: [twin], next: { name, id: next(id) } });
    };
    const finding = findZone(byName('twins.internal'), { ...inMemoryRoute53(), listZonesFrom }, undefined);
    await expect(finding).rejects.toMatchObject({ name: 'RunError', code: 'aws' });
    await expect(finding).rejects.toThrow('the same page token came twice');
  });
});

describe('a request that fails', () => {
  const failing = (error: Error) => ({
    ...inMemoryRoute53(),
    getZone: () => Promise.reject(error),
    listZonesFrom: () => Promise.reject(error),
  });

  it.each<[string, ZoneSelector, string]>([
    ['by id', byId('Z1'), 'route53:GetHostedZone is not allowed'],
    ['by name', byName('a.internal'), 'route53:ListHostedZonesByName is not allowed'],
  ])('is explained, %s', async (_, selector, text) => {
    const finding = findZone(selector, failing(DENIED), undefined);
    await expect(finding).rejects.toMatchObject({ code: 'access-denied', cause: DENIED });
    await expect(finding).rejects.toThrow(text);
  });

  it.each([byId('Z1'), byName('a.internal')])(
    'for an abort rejects with its reason: $kind',
    async (selector) => {
      const reason = new Error('the run was stopped');
      const finding = findZone(selector, failing(awsError('AbortError')), AbortSignal.abort(reason));
      await expect(finding).rejects.toBe(reason);
    },
  );
});
