import { describe, expect, it } from 'vitest';
import { stateLocation } from '../../src/config/value-types.ts';

describe('stateLocation', () => {
  it.each([
    ['state.json', { kind: 'file', path: 'state.json' }],
    ['/var/lib/ecs dns/ü.json', { kind: 'file', path: '/var/lib/ecs dns/ü.json' }],
    ['C:\\data\\state.json', { kind: 'file', path: 'C:\\data\\state.json' }],
    ['dynamodb.json', { kind: 'file', path: 'dynamodb.json' }],
    ['dynamodb:abc', { kind: 'dynamodb', table: 'abc', key: 'ecs-dns' }],
    ['dynamodb:My_table-1.x', { kind: 'dynamodb', table: 'My_table-1.x', key: 'ecs-dns' }],
    ['dynamodb:abc.json', { kind: 'dynamodb', table: 'abc.json', key: 'ecs-dns' }],
    ['dynamodb:abc/prod:eu-west-1', { kind: 'dynamodb', table: 'abc', key: 'prod:eu-west-1' }],
    [`dynamodb:${'t'.repeat(255)}`, { kind: 'dynamodb', table: 't'.repeat(255), key: 'ecs-dns' }],
  ])('reads %s', (text, location) => {
    expect(stateLocation.safeParse(text).data).toEqual(location);
  });

  it.each([
    '',
    'none',
    'state',
    'state.JSON',
    'state.json ',
    'a\nb.json',
    'a\0.json',
    'dynamodb:',
    'dynamodb:ab',
    `dynamodb:${'t'.repeat(256)}`,
    'dynamodb:a b c',
    'dynamodb:abc/',
    'dynamodb:abc/a b',
    'dynamodb:abc/a/b',
    'dynamodb:a/b.json',
    'DynamoDB:abc',
  ])('rejects %j', (text) => {
    expect(stateLocation.safeParse(text).data).toBeUndefined();
  });
});
