import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runHere } from '../cli/support.ts';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const ARGS = ['--zone', ZONE_NAME, '--no-health-enabled'];
const NO_KEYS = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined };

const CONFIG = `
[default]
region = us-east-1
[profile failing]
region = us-east-1
credential_process = sh -c "echo 'the vault is' >&2; printf 'sealed\\033[2J\\n' >&2; exit 3"
[profile wordy]
region = us-east-1
credential_process = echo no JSON
[profile fips]
region = us-east-1
use_fips_endpoint = Yes
[profile schemeless]
region = us-east-1
endpoint_url = localhost:4566
[sso-session team]
sso_region = us-east-1
`;

/** The command with variables of its own, its exit code, its one line, and whether AWS was asked. */
async function told(command: readonly string[], aws: Readonly<Record<string, string | undefined>>) {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 2 });
  const server = await serve(fleet.world);
  const config = join(await temporaryDirectory(), 'config');
  await writeFile(config, CONFIG);
  const { code, stderr } = await runHere([...command, ...ARGS], server.url, {
    aws: { AWS_CONFIG_FILE: config, ...aws },
  });
  return { code, stderr: stderr.replaceAll(config, 'CONFIG'), asked: server.log.length };
}

describe('what the SDK would pass over, or not name, is one line before AWS is asked', () => {
  test.each([
    {
      what: 'a profile that does not exist',
      aws: { AWS_PROFILE: 'prdo', AWS_REGION: undefined, ...NO_KEYS },
      says: 'AWS_PROFILE: "prdo" is in neither CONFIG nor /dev/null, which have default, failing, fips, schemeless, wordy: correct the name or the files, or unset AWS_PROFILE',
    },
    {
      what: 'the same next to keys and a region, which would act as another identity',
      aws: { AWS_PROFILE: 'prdo' },
      says: 'AWS_PROFILE: "prdo" is in neither CONFIG nor /dev/null, which have default, failing, fips, schemeless, wordy: correct the name or the files, or unset AWS_PROFILE',
    },
    {
      what: 'the same where there are no files',
      aws: { AWS_PROFILE: 'prdo', AWS_CONFIG_FILE: '/nonexistent/config', AWS_REGION: undefined },
      says: 'AWS_PROFILE: "prdo" is in neither /nonexistent/config nor /dev/null, which have no profile: correct the name or the files, or unset AWS_PROFILE',
    },
    {
      what: 'a region for the AWS CLI alone',
      aws: { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'eu-west-1', AWS_CONFIG_FILE: '/dev/null' },
      says: 'no AWS region: AWS_DEFAULT_REGION is "eu-west-1", but the SDK does not read it: set AWS_REGION to it',
    },
    {
      what: 'no region',
      aws: { AWS_REGION: undefined, AWS_CONFIG_FILE: '/dev/null' },
      says: 'no AWS region: set AWS_REGION or the region of the AWS profile',
    },
    ...['localhost:4566', 'localhost', '//localhost', 'ftp://localhost', 'http://'].map((url) => ({
      what: `an endpoint ${url}`,
      aws: { AWS_ENDPOINT_URL: url },
      says: `AWS_ENDPOINT_URL: "${url}" is no URL of http or https: write it with its scheme, such as https://vpce-0123.ecs.eu-west-1.vpce.amazonaws.com or http://localhost:4566`,
    })),
    {
      what: 'that of one service',
      aws: { AWS_ENDPOINT_URL_ROUTE_53: 'localhost:4566' },
      says: 'AWS_ENDPOINT_URL_ROUTE_53: "localhost:4566" is no URL of http or https: write it with its scheme, such as https://vpce-0123.ecs.eu-west-1.vpce.amazonaws.com or http://localhost:4566',
    },
    {
      what: 'that of the profile',
      aws: { AWS_PROFILE: 'schemeless', AWS_ENDPOINT_URL: undefined },
      says: 'endpoint_url of the AWS profile schemeless: "localhost:4566" is no URL of http or https: write it with its scheme, such as https://vpce-0123.ecs.eu-west-1.vpce.amazonaws.com or http://localhost:4566',
    },
    ...['AWS_USE_FIPS_ENDPOINT', 'AWS_USE_DUALSTACK_ENDPOINT', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'].flatMap(
      (name) =>
        ['yes', 'TRUE', '1'].map((value) => ({
          what: `${name}=${value}`,
          aws: { [name]: value },
          says: `${name}: "${value}" is neither true nor false, and would count as not set: write true or false, in lower case`,
        })),
    ),
    {
      what: 'FIPS in the profile',
      aws: { AWS_PROFILE: 'fips' },
      says: 'use_fips_endpoint of the AWS profile fips: "Yes" is neither true nor false, and would count as not set: write true or false, in lower case',
    },
  ])('$what', async ({ aws, says }) => {
    expect(await told(['plan'], aws)).toEqual({ code: 1, stderr: `ecs-dns: ${says}\n`, asked: 0 });
  });

  test.each(['AWS_USE_FIPS_ENDPOINT', 'AWS_ENDPOINT_URL'])('also by iam: %s', async (name) => {
    const { code, stderr, asked } = await told(['iam'], { [name]: 'yes' });

    expect({ code, asked }).toEqual({ code: 1, asked: 0 });
    expect(stderr).toMatch(new RegExp(`^ecs-dns: ${name}: "yes" [^\\n]*\\n$`));
  });

  test.each([
    { AWS_USE_FIPS_ENDPOINT: 'false', AWS_USE_DUALSTACK_ENDPOINT: '' },
    { AWS_PROFILE: '', AWS_CONFIG_FILE: '/dev/null' },
    { AWS_ENDPOINT_URL_STS: '' },
  ])('but not %j', async (aws) => {
    expect(await told(['plan'], aws)).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a credential_process that fails', () => {
  test('is told with its last words, in one line', async () => {
    const { code, stderr } = await told(['plan'], { AWS_PROFILE: 'failing', ...NO_KEYS });

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^ecs-dns: no usable AWS credentials for [^\n]*: Command failed: sh -c [^\n]* the vault is sealed\\u001b\[2J\)[^\n]*\n$/,
    );
  });

  test('is told when it prints no JSON', async () => {
    const { code, stderr } = await told(['plan'], { AWS_PROFILE: 'wordy', ...NO_KEYS });

    expect(code).toBe(1);
    expect(stderr).toMatch(/: Profile wordy credential_process returned invalid JSON\.\): [^\n]*\n$/);
  });

  test('is a finding of the doctor', async () => {
    const server = await serve(newFleet().world);
    const config = join(await temporaryDirectory(), 'config');
    await writeFile(config, CONFIG);
    const aws = { AWS_CONFIG_FILE: config, AWS_PROFILE: 'failing', ...NO_KEYS };

    const { stdout } = await runHere(['doctor', ...ARGS], server.url, { aws });

    expect(stdout).toMatch(/fail +credentials .*the vault is sealed\\u001b\[2J/);
  });
});

test('where nothing is set up, the error says no more than that', async () => {
  const { stderr } = await told(['plan'], { ...NO_KEYS, AWS_CONFIG_FILE: '/dev/null' });

  expect(stderr).toMatch(
    /\(CredentialsProviderError: Could not load credentials from any providers\): [^\n]*\n$/,
  );
});
