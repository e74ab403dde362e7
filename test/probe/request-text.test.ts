import { describe, expect, it } from 'vitest';
import type { HealthCheck } from '../../src/model/health-check.ts';
import { requestText } from '../../src/probe/request-text.ts';

const CHECK: HealthCheck = {
  kind: 'http',
  method: 'GET',
  path: '/health?deep=1',
  headers: {},
  basicAuth: undefined,
  matcher: [{ from: 200, to: 200 }],
  bodyContains: undefined,
  hostName: undefined,
  tlsSkipVerify: false,
  timeoutMs: 1_000,
  attempts: 1,
  intervalMs: 0,
};
const write = (over: Partial<HealthCheck>, address = '10.0.0.1') =>
  requestText({ address, port: 8080, check: { ...CHECK, ...over } });

describe('the request', () => {
  it('is this, byte for byte', () => {
    expect(write({})).toBe(
      'GET /health?deep=1 HTTP/1.1\r\nhost: 10.0.0.1:8080\r\nuser-agent: ecs-dns-reconciler\r\naccept: */*\r\nconnection: close\r\n\r\n',
    );
  });

  it.each<[string, Partial<HealthCheck>, string, string]>([
    ['an IPv6 address in brackets', {}, 'fd00::1', 'host: [fd00::1]:8080\r\n'],
    ['the host name', { hostName: 'orders.example' }, '10.0.0.1', 'host: orders.example\r\n'],
    [
      'a Host header over the host name',
      { hostName: 'a.b', headers: { HOST: 'c.d' } },
      '10.0.0.1',
      'host: c.d\r\n',
    ],
    ['credentials', { basicAuth: 'me:secret' }, '10.0.0.1', 'authorization: Basic bWU6c2VjcmV0\r\n'],
    ['a header over ours', { headers: { 'User-Agent': 'probe' } }, '10.0.0.1', 'user-agent: probe\r\n'],
  ])('has %s', (_, over, address, line) => {
    expect(write(over, address)).toContain(line);
    expect(write(over, address).match(/^host:/gm)).toHaveLength(1);
  });

  it.each<[string, Partial<HealthCheck>]>([
    ['a path with a blank', { path: '/a b' }],
    ['a path with a line break', { path: '/a\r\nx: y' }],
    ['a header value with a line break', { headers: { x: 'a\r\ny: b' } }],
    ['a header name with a blank', { headers: { 'x y': 'a' } }],
    ['a host name with a line break', { hostName: 'a\r\nx: y' }],
  ])('is not written with %s', (_, over) => {
    expect(() => write(over)).toThrow(TypeError);
  });
});
