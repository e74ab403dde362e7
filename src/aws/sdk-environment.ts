import { homedir } from 'node:os';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';

/** What is wrong with what the SDK reads of its own, and what would be right. */
export interface SetupFault {
  readonly code: 'credentials' | 'region' | 'endpoint' | 'usage';
  readonly detail: string;
  readonly remedy: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Each takes true or false; the SDK passes over every other word as if it were not there. */
const SWITCHES = [
  ['AWS_USE_FIPS_ENDPOINT', 'use_fips_endpoint'],
  ['AWS_USE_DUALSTACK_ENDPOINT', 'use_dualstack_endpoint'],
  ['AWS_IGNORE_CONFIGURED_ENDPOINT_URLS', 'ignore_configured_endpoint_urls'],
] as const;
const [, , [IGNORE_VARIABLE, IGNORE_KEY]] = SWITCHES;
const ENDPOINT = /^AWS_ENDPOINT_URL(?:_|$)/;
const DEFAULT_PROFILE = 'default';

/**
 * Finds what the SDK would pass over in silence, or fail of without naming it: variables and the profile. `undefined`
 * when there is nothing of the kind. Source: AWS SDKs and Tools Reference Guide, "Settings reference".
 */
export async function setupFault(env: Environment): Promise<SetupFault | undefined> {
  const name = env['AWS_PROFILE'] || DEFAULT_PROFILE;
  const { configFile, credentialsFile } = await loadSharedConfigFiles();
  const [configured, withKeys] = [configFile[name], credentialsFile[name]];
  if (name !== DEFAULT_PROFILE && configured === undefined && withKeys === undefined) {
    return unknownProfile(name, env, [...Object.keys(configFile), ...Object.keys(credentialsFile)]);
  }
  const profile = { ...withKeys, ...configured };
  return variableFault(env) ?? profileFault(name, profile);
}

function unknownProfile(name: string, env: Environment, others: readonly string[]): SetupFault {
  const files = [
    env['AWS_CONFIG_FILE'] || join(homedir(), '.aws', 'config'),
    env['AWS_SHARED_CREDENTIALS_FILE'] || join(homedir(), '.aws', 'credentials'),
  ];
  const known = [...new Set(others)].filter((other) => !other.includes('.'));
  const has = known.length === 0 ? 'which have no profile' : `which have ${known.toSorted().join(', ')}`;
  return {
    code: 'credentials',
    detail: `AWS_PROFILE: ${JSON.stringify(name)} is in neither ${files.join(' nor ')}, ${has}`,
    remedy: 'correct the name or the files, or unset AWS_PROFILE',
  };
}

function variableFault(env: Environment): SetupFault | undefined {
  const isIgnored = env[IGNORE_VARIABLE] === 'true';
  const endpoints = isIgnored ? [] : Object.keys(env).filter((name) => ENDPOINT.test(name));
  return firstFault(
    SWITCHES.map(([name]) => [name, env[name]]),
    endpoints.toSorted().map((name) => [name, env[name]]),
  );
}

function profileFault(name: string, profile: Environment): SetupFault | undefined {
  const where = (key: string) => `${key} of the AWS profile ${name}`;
  const isIgnored = profile[IGNORE_KEY] === 'true';
  return firstFault(
    SWITCHES.map(([, key]) => [where(key), profile[key]]),
    isIgnored ? [] : [[where('endpoint_url'), profile['endpoint_url']]],
  );
}

type Named = readonly [name: string, value: string | undefined];

/** What is empty counts as not set, as in the SDK. */
function firstFault(switches: readonly Named[], endpoints: readonly Named[]): SetupFault | undefined {
  for (const [name, value] of switches)
    if (value && value !== 'true' && value !== 'false')
      return {
        code: 'usage',
        detail: `${name}: ${JSON.stringify(value)} is neither true nor false, and would count as not set`,
        remedy: 'write true or false, in lower case',
      };
  for (const [name, value] of endpoints)
    if (value && !isHttpUrl(value))
      return {
        code: 'endpoint',
        detail: `${name}: ${JSON.stringify(value)} is no URL of http or https`,
        remedy:
          'write it with its scheme, such as https://vpce-0123.ecs.eu-west-1.vpce.amazonaws.com or http://localhost:4566',
      };
  return undefined;
}

/** `localhost:4566` is a URL, too: one of the scheme `localhost`. */
function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Why there is no region. The AWS CLI reads a variable that the SDK for JavaScript does not. */
export function regionFault(env: Environment, error: string): SetupFault {
  const byDefault = env['AWS_DEFAULT_REGION'];
  if (!/region is missing/i.test(error)) {
    return { code: 'region', detail: `no usable AWS region (${error})`, remedy: 'set AWS_REGION to one' };
  }
  if (!byDefault) {
    return {
      code: 'region',
      detail: 'no AWS region',
      remedy: 'set AWS_REGION or the region of the AWS profile',
    };
  }
  return {
    code: 'region',
    detail: `no AWS region: AWS_DEFAULT_REGION is ${JSON.stringify(byDefault)}, but the SDK does not read it`,
    remedy: 'set AWS_REGION to it',
  };
}
