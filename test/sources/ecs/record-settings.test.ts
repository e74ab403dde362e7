import { describe, expect, it } from 'vitest';
import type { RecordOverrides } from '../../../src/model/inventory.ts';
import { RECORD_SETTINGS, readSettings } from '../../../src/sources/ecs/metadata-settings.ts';

function read(metadata: Readonly<Record<string, string>>) {
  return readSettings(new Map(Object.entries(metadata)), 'orders:7 app', RECORD_SETTINGS);
}

describe('what a port asks of its record', () => {
  it.each<[string, Readonly<Record<string, string>>, RecordOverrides]>([
    ['nothing', {}, {}],
    ['nothing of another port’s', { SERVICE_9090_TTL: '5' }, {}],
    ['a TTL in seconds', { SERVICE_TTL: '30' }, { ttl: 30 }],
    ['a TTL as a duration', { SERVICE_8080_TTL: '5m' }, { ttl: 300 }],
    ['no TTL at all', { SERVICE_TTL: '0' }, { ttl: 0 }],
    ['a weight', { SERVICE_8080_WEIGHT: '255' }, { weight: 255 }],
    ['a priority', { SERVICE_PRIORITY: '10' }, { priority: 10 }],
    ['the port’s own over the container’s', { SERVICE_8080_TTL: '5', SERVICE_TTL: '60' }, { ttl: 5 }],
    [
      'to be there from the start',
      { SERVICE_8080_CHECK_INITIAL_STATUS: 'Passing' },
      { initialStatus: 'passing' },
    ],
    ['to wait for its check', { SERVICE_CHECK_INITIAL_STATUS: 'critical' }, {}],
    ['no record', { SERVICE_8080_IGNORE: 'yes' }, { ignored: true }],
    ['a record all the same', { SERVICE_IGNORE: 'true', SERVICE_8080_IGNORE: 'false' }, {}],
    ['nothing by an empty text', { SERVICE_TTL: '' }, {}],
  ])('is %s', (_, metadata, expected) => {
    const { of, notices } = read(metadata);
    expect(of(8080)).toEqual(expected);
    expect(notices).toEqual([]);
  });

  it('is nothing where its task definition is unread', () => {
    expect(readSettings(undefined, 'x', RECORD_SETTINGS).of(80)).toEqual({});
  });
});

it.each([
  ['SERVICE_TTL', '-1', 'a number of seconds, or a duration in whole seconds such as 5m'],
  ['SERVICE_TTL', '1500ms', 'a number of seconds, or a duration in whole seconds such as 5m'],
  ['SERVICE_TTL', '2147483648', 'a number of seconds, or a duration in whole seconds such as 5m'],
  ['SERVICE_8080_WEIGHT', '256', 'a whole number from 0 to 255'],
  ['SERVICE_PRIORITY', '65536', 'a whole number from 0 to 65535'],
  ['SERVICE_PRIORITY', 'first', 'a whole number from 0 to 65535'],
  ['SERVICE_CHECK_INITIAL_STATUS', 'green', 'passing, warning or critical'],
])('%s=%s makes no sense, and says what would', (name, text, allowed) => {
  const { of, notices } = read({ [name]: text });
  expect(of(8080)).toEqual({});
  expect(notices).toEqual([
    { subject: 'orders:7 app', detail: `${name}: "${text}" is not ${allowed}; it is left out` },
  ]);
});
