import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findHostIdentity, instanceMetadata } from '../../../src/sources/docker/host-identity.ts';

const NAMES: Readonly<Record<string, string>> = {
  hostname: 'ip-10-0-1-2.ec2.internal ip-10-0-1-2.corp.example.com',
  'local-ipv4': '10.0.1.2',
};

/** EC2's metadata service, which answers nothing without a token. */
async function serveMetadata(): Promise<string> {
  const server = createServer(({ method, url = '', headers }, response) => {
    if (method === 'PUT' && url === '/latest/api/token') {
      response.end(headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined ? '' : 'token');
      return;
    }
    const value = NAMES[url.replace('/latest/meta-data/', '')];
    const isAllowed = headers['x-aws-ec2-metadata-token'] === 'token' && value !== undefined;
    response.writeHead(isAllowed ? 200 : 401).end(isAllowed ? value : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const nowhere = () => Promise.reject(new Error('no route'));

describe('what a host is called, and where it is', () => {
  it('is told by the metadata service: of several names the first', async () => {
    const metadata = instanceMetadata({ AWS_EC2_METADATA_SERVICE_ENDPOINT: await serveMetadata() });
    expect(await findHostIdentity({}, metadata, undefined)).toEqual({
      hostName: 'ip-10-0-1-2.ec2.internal',
      address: '10.0.1.2',
    });
  });

  it('is told by the settings before that, and nothing is asked', async () => {
    const given = { hostname: 'node1.corp.example.com.', address: '10.0.1.3' };
    expect(await findHostIdentity(given, nowhere, undefined)).toEqual({
      hostName: 'node1.corp.example.com',
      address: '10.0.1.3',
    });
  });

  it.each([
    ['cannot be found out', { address: '10.0.1.2' }, /--hostname: it is not set, .*\(no route\).*hop limit/],
    ['has no address', { hostname: 'node1' }, /--agent-address: it is not set/],
    [
      'has a name that is too long',
      { hostname: 'x'.repeat(64), address: '10.0.1.2' },
      /at most 63 characters/,
    ],
    ['has a name that is none', { hostname: 'a..b', address: '10.0.1.2' }, /"a\.\.b" is not valid/],
    ['is called as the prefix is', { hostname: 'ecs-dns', address: '10.0.1.2' }, /"ecs-dns" is not valid/],
    ['is at no IPv4 address', { hostname: 'node1', address: 'fd00::1' }, /"fd00::1" is not valid/],
  ])('that %s is one line that says what to set', async (_, given, says) => {
    const found = findHostIdentity(given, nowhere, undefined);
    await expect(found).rejects.toMatchObject({ code: 'host', message: expect.stringMatching(says) });
  });

  it('is not asked of a metadata service that is switched off', async () => {
    const metadata = instanceMetadata({ AWS_EC2_METADATA_DISABLED: 'TRUE' });
    await expect(metadata('hostname', undefined)).rejects.toThrow('AWS_EC2_METADATA_DISABLED');
  });
});
