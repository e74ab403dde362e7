import { describe, expect, it } from 'vitest';
import type { CheckOverrides } from '../../../src/model/health-check.ts';
import { CHECK_SETTINGS, readSettings } from '../../../src/sources/ecs/metadata-settings.ts';

type Metadata = Readonly<Record<string, string>>;

function checksOf(metadata: Metadata) {
  return readSettings(new Map(Object.entries(metadata)), 'calc:7 app', CHECK_SETTINGS);
}

describe('what a service says of its check', () => {
  it.each<[string, Metadata, CheckOverrides]>([
    ['nothing', {}, {}],
    ['nothing with an empty value', { SERVICE_CHECK_HTTP: '' }, {}],
    [
      'nothing with other metadata',
      { SERVICE_NAME: 'calc', SERVICE_80_TAGS: 'a', SERVICE_CHECK_SCRIPT: 'x' },
      {},
    ],
    ['a path over HTTP', { SERVICE_CHECK_HTTP: '/up' }, { kind: 'http', path: '/up' }],
    ['a path over HTTPS', { SERVICE_CHECK_HTTPS: '/up' }, { kind: 'https', path: '/up' }],
    ['TCP', { SERVICE_CHECK_TCP: 'true' }, { kind: 'tcp' }],
    ['TCP, as a number', { SERVICE_CHECK_TCP: '1' }, { kind: 'tcp' }],
    ['no TCP', { SERVICE_CHECK_TCP: 'false' }, {}],
    ['a method', { SERVICE_CHECK_HTTP_METHOD: 'head' }, { method: 'HEAD' }],
    ['a method over HTTPS', { SERVICE_CHECK_HTTPS_METHOD: 'OPTIONS' }, { method: 'OPTIONS' }],
    [
      'times',
      { SERVICE_CHECK_TIMEOUT: '3s', SERVICE_CHECK_INTERVAL: '500ms' },
      { timeoutMs: 3_000, intervalMs: 500 },
    ],
    [
      'times as Go writes them',
      { SERVICE_CHECK_TIMEOUT: '0.5s', SERVICE_CHECK_INTERVAL: '1m30s' },
      { timeoutMs: 500, intervalMs: 90_000 },
    ],
    ['gRPC', { SERVICE_CHECK_GRPC: 'true' }, { kind: 'grpc' }],
    [
      'gRPC over TLS, which wins over TCP',
      { SERVICE_CHECK_GRPC_USE_TLS: 'true', SERVICE_CHECK_GRPC: '1', SERVICE_CHECK_TCP: 'true' },
      { kind: 'grpc', grpcUseTls: true },
    ],
    [
      'HTTP, which wins over gRPC',
      { SERVICE_CHECK_GRPC: 'true', SERVICE_CHECK_HTTP: '/a' },
      { kind: 'http', path: '/a' },
    ],
    ['any certificate', { SERVICE_CHECK_TLS_SKIP_VERIFY: 'true' }, { tlsSkipVerify: true }],
    ['a certificate that counts', { SERVICE_CHECK_TLS_SKIP_VERIFY: '0' }, { tlsSkipVerify: false }],
    ['to be left alone', { SERVICE_IGNORE: 'yes' }, { kind: 'none' }],
    ['not to be left alone', { SERVICE_IGNORE: 'false' }, {}],
    [
      'HTTP, which wins over HTTPS and TCP',
      { SERVICE_CHECK_HTTP: '/a', SERVICE_CHECK_HTTPS: '/b', SERVICE_CHECK_TCP: 'true' },
      { kind: 'http', path: '/a' },
    ],
    [
      'HTTPS, which wins over TCP',
      { SERVICE_CHECK_TCP: 'true', SERVICE_CHECK_HTTPS: '/b' },
      { kind: 'https', path: '/b' },
    ],
    [
      'to be left alone, which wins over all',
      { SERVICE_IGNORE: '1', SERVICE_CHECK_HTTP: '/a' },
      { kind: 'none', path: '/a' },
    ],
    [
      'its port, which wins over the container',
      { SERVICE_CHECK_HTTP: '/a', SERVICE_80_CHECK_HTTP: '/b' },
      { kind: 'http', path: '/b' },
    ],
    ['nothing of another port', { SERVICE_81_CHECK_HTTP: '/b' }, {}],
    [
      'a part for its port and a part for all',
      { SERVICE_CHECK_TIMEOUT: '1s', SERVICE_80_CHECK_TCP: 'true' },
      { kind: 'tcp', timeoutMs: 1_000 },
    ],
  ])('%s', (_, metadata, overrides) => {
    const checks = checksOf(metadata);
    expect(checks.of(80)).toEqual(overrides);
    expect(checks.notices).toEqual([]);
  });

  it('is nothing while its task definition is unread', () => {
    const checks = readSettings(undefined, 'calc:7 app', CHECK_SETTINGS);
    expect(checks.of(80)).toEqual({});
    expect(checks.notices).toEqual([]);
  });
});

describe('what makes no sense', () => {
  it.each([
    ['SERVICE_CHECK_HTTP', 'health', 'a path that starts with one /'],
    ['SERVICE_80_CHECK_HTTPS', '//elsewhere', 'a path that starts with one /'],
    ['SERVICE_CHECK_HTTP_METHOD', 'DELETE', 'GET, HEAD or OPTIONS'],
    ['SERVICE_CHECK_TIMEOUT', '3', 'a duration such as 2s or 1m30s'],
    ['SERVICE_CHECK_INTERVAL', 'often', 'a duration such as 10s or 1m30s'],
    ['SERVICE_CHECK_INTERVAL', '25h', 'a duration such as 10s or 1m30s'],
    ['SERVICE_CHECK_TCP', 'maybe', 'true or false'],
    ['SERVICE_CHECK_TLS_SKIP_VERIFY', 'no', 'true or false'],
  ])('is a notice and counts as not there: %s %s', (name, text, allowed) => {
    const checks = checksOf({ [name]: text });
    expect(checks.of(80)).toEqual({});
    expect(checks.notices).toEqual([
      { subject: 'calc:7 app', detail: `${name}: "${text}" is not ${allowed}; it is left out` },
    ]);
  });

  it('leaves the form for all ports in force', () => {
    const checks = checksOf({ SERVICE_CHECK_HTTP: '/a', SERVICE_80_CHECK_HTTP: 'b' });
    expect(checks.of(80)).toEqual({ kind: 'http', path: '/a' });
    expect(checks.notices).toHaveLength(1);
  });
});
