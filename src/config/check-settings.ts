import { z } from 'zod';
import { CHECK_INTERVAL_RANGE, CHECK_TIMEOUT_RANGE } from '../model/check-value.ts';
import { CHECK_KINDS, CHECK_METHODS } from '../model/health-check.ts';
import { type SettingTraits, setting } from './setting-traits.ts';
import {
  basicAuth,
  bodyText,
  durationAllowed,
  durationWithin,
  headers,
  hostName,
  httpPath,
  statusMatcher,
} from './value-schemas.ts';

/** A value and all its rules, before it is settled whether it has a default. */
export interface Part<T extends z.ZodType> {
  readonly schema: T;
  readonly traits: SettingTraits;
}

/** The setting that has this default, written as a config file would hold it. */
export function withDefault<T extends z.ZodType>({ schema, traits }: Part<T>, value: z.input<T>) {
  return setting(z.prefault(schema, value), traits);
}

/** The setting that may be left out. */
export function optional<T extends z.ZodType>({ schema, traits }: Part<T>) {
  return setting(z.optional(schema), traits);
}

/** What can be set of a check, for all services or for those of one rule. */
export const CHECK_PARTS = {
  kind: {
    schema: z.enum(CHECK_KINDS),
    traits: {
      kind: 'choice',
      description:
        'How an endpoint is checked. `http`: by a request. `https`: by a request over TLS. `tcp`: by connecting. `none`: not at all, so that it is never unhealthy.',
      allowed: 'http, https, tcp or none',
      example: 'http',
    },
  },
  path: {
    schema: httpPath,
    traits: {
      kind: 'text',
      description: 'The path, with its query if any, that a probe asks for.',
      allowed: 'a path that starts with one /, without blanks, \\ and #',
      example: '/health',
    },
  },
  matcher: {
    schema: statusMatcher,
    traits: {
      kind: 'text',
      description: 'The HTTP statuses that count as healthy, as an Application Load Balancer writes them.',
      allowed: 'statuses from 100 to 599 such as 200, "200,204" or 200-299',
      example: '200-299',
    },
  },
  method: {
    schema: z.enum(CHECK_METHODS),
    traits: {
      kind: 'choice',
      description: 'The HTTP method of a probe.',
      allowed: 'GET, HEAD or OPTIONS',
      example: 'GET',
    },
  },
  timeout: {
    schema: durationWithin(CHECK_TIMEOUT_RANGE),
    traits: {
      kind: 'duration',
      description: 'How long one attempt may take, connecting included.',
      allowed: durationAllowed(CHECK_TIMEOUT_RANGE),
      example: '2s',
    },
  },
  attempts: {
    schema: z.int().min(1).max(10),
    traits: {
      kind: 'number',
      description: 'How many attempts in a row must fail before an endpoint is unhealthy.',
      allowed: 'a whole number from 1 to 10',
      example: 3,
    },
  },
  interval: {
    schema: durationWithin(CHECK_INTERVAL_RANGE),
    traits: {
      kind: 'duration',
      description: 'The pause between two attempts.',
      allowed: durationAllowed(CHECK_INTERVAL_RANGE),
      example: '500ms',
    },
  },
  headers: {
    schema: headers,
    traits: {
      kind: 'headers',
      description:
        'Headers sent with each probe: a map in the file, `Name: value` elsewhere. Values are never printed.',
      allowed:
        'headers as "Name: value", each name once, each value as text on one line, none that controls the connection or the length',
      example: { 'X-Health-Check': 'ecs-dns' },
      isSecret: true,
    },
  },
  basicAuth: {
    schema: basicAuth,
    traits: {
      kind: 'text',
      description:
        'User and password sent with each request (HTTP Basic authentication). Never printed; other processes can see a flag, so that a variable or a file is the better place.',
      allowed: 'user:password, without control characters, the user not empty',
      example: 'health-check:change-me',
      isSecret: true,
    },
  },
  bodyContains: {
    schema: bodyText,
    traits: {
      kind: 'text',
      description: "What the first 5,120 bytes of the answer's body have to contain.",
      allowed: 'a text of 1 to 255 characters',
      example: '"status":"UP"',
    },
  },
  hostName: {
    schema: hostName,
    traits: {
      kind: 'text',
      description: 'The name that a request is meant for: its Host header and, over TLS, the server name.',
      allowed: 'a DNS name such as api.example.com, of letters, digits, -, _ and dots, without a port',
      example: 'api.example.com',
    },
  },
  tlsSkipVerify: {
    schema: z.boolean(),
    traits: {
      kind: 'boolean',
      description: 'Whether `https` takes any certificate: expired, self-signed or for another name.',
      allowed: 'true or false',
      example: false,
    },
  },
} as const satisfies Readonly<Record<string, Part<z.ZodType>>>;
