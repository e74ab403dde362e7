import { z } from 'zod';
import { CHECK_INTERVAL_RANGE, CHECK_TIMEOUT_RANGE } from '../model/check-value.ts';
import { MAX_DURATION_MS } from '../model/duration.ts';
import { CHECK_KINDS, CHECK_METHODS } from '../model/health-check.ts';
import { inRules, renameKeys, setting } from './setting.ts';
import * as types from './value-types.ts';

/** RFC 1918, RFC 6598 and RFC 4193; loopback and link-local addresses are left out on purpose. */
const PRIVATE_RANGES = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/** When and how often a check asks; for all services, or for those of one rule. */
const ATTEMPTS = {
  kind: setting(types.choice(CHECK_KINDS).prefault('http'), {
    description:
      'How an endpoint is checked. `http`: by a request. `https`: by a request over TLS. `grpc`: by grpc.health.v1. `tcp`: by connecting. `ecs`: not by the worker, but by the health check of its task definition. `none`: not at all, so that it is never unhealthy.',
  }),
  path: setting(types.httpPath.prefault('/health'), {
    description: 'The path, with its query if any, that a probe asks for.',
  }),
  matcher: setting(types.statusMatcher.prefault('200'), {
    description: 'The HTTP statuses that count as healthy, as an Application Load Balancer writes them.',
    example: '200-299',
  }),
  method: setting(types.choice(CHECK_METHODS).prefault('GET'), {
    description: 'The HTTP method of a probe.',
  }),
  timeout: setting(types.duration(CHECK_TIMEOUT_RANGE).prefault('2s'), {
    description: 'How long one attempt may take, connecting included.',
  }),
  attempts: setting(types.wholeNumber(1, 10).prefault(3), {
    description: 'How many attempts in a row must fail before an endpoint is unhealthy.',
  }),
  interval: setting(types.duration(CHECK_INTERVAL_RANGE).prefault('500ms'), {
    description: 'The pause between two attempts.',
  }),
};

/** What a check sends and what it looks at in the answer; for all services, or for those of one rule. */
const REQUEST = {
  headers: setting(types.headers.prefault({}), {
    description:
      'Headers sent with each probe: a map in the file, `Name: value` elsewhere. Values are never printed.',
    example: { 'X-Health-Check': 'ecs-dns' },
    isSecret: true,
  }),
  basicAuth: setting(types.basicAuth.optional(), {
    description:
      'User and password sent with each request (HTTP Basic authentication). Never printed; other processes can see a flag, so that a variable or a file is the better place.',
    example: 'health-check:change-me',
    isSecret: true,
  }),
  bodyContains: setting(types.bodyText.optional(), {
    description: "What the first 5,120 bytes of the answer's body have to contain.",
    example: '"status":"UP"',
  }),
  hostName: setting(types.hostName.optional(), {
    description: 'The name that a request is meant for: its Host header and, over TLS, the server name.',
    example: 'api.example.com',
  }),
  tlsSkipVerify: setting(types.toggle.prefault(false), {
    description: 'Whether a check over TLS takes any certificate: expired, self-signed or for another name.',
  }),
  tlsCa: setting(types.pem.optional(), {
    description:
      'The authorities that a check over TLS trusts instead of those of Node.js: a PEM, or a file that is one. Never printed.',
    example: '/etc/ecs-dns/authority.pem',
    isSecret: true,
  }),
  tlsCert: setting(types.pem.optional(), {
    description:
      'The certificate that a check over TLS shows: a PEM, or a file that is one. Never printed; needs `tlsKey`.',
    example: '/etc/ecs-dns/client.pem',
    isSecret: true,
  }),
  tlsKey: setting(types.pem.optional(), {
    description:
      'The key of that certificate: a PEM, or a file that is one. Never printed; a file is the better place.',
    example: '/etc/ecs-dns/client-key.pem',
    isSecret: true,
  }),
  grpcService: setting(types.grpcService.optional(), {
    description: 'The service that a `grpc` check asks about; without one it is the whole server.',
    example: 'orders.v1.Orders',
  }),
  grpcUseTls: setting(types.toggle.prefault(false), {
    description: 'Whether a `grpc` check is made over TLS.',
  }),
};

/** The check's settings under the names that the rest of the program uses. */
const CHECK_NAMES = { timeout: 'timeoutMs', interval: 'intervalMs' } as const;

const healthRule = z
  .strictObject({ match: types.ruleMatch, ...inRules({ ...ATTEMPTS, ...REQUEST }) })
  .transform(({ match, ...given }) => ({ pattern: match, overrides: renameKeys(given, CHECK_NAMES) }));

/** The settings of health checks: how one endpoint is checked, how all are, and what follows. */
export const health = setting(
  z.strictObject({
    enabled: setting(types.toggle.prefault(true), {
      description: 'Whether endpoints are probed; without it no entry is ever called unhealthy.',
    }),
    ...ATTEMPTS,
    concurrency: setting(types.wholeNumber(1, 4096).prefault(256), {
      description:
        'How many endpoints are probed at the same time; each takes a file descriptor, of which a process on Lambda has 1,024.',
    }),
    budget: setting(types.duration({ minMs: 1000, maxMs: MAX_DURATION_MS }).prefault('2m'), {
      description: 'How long all probes of a run may take together; what is not probed by then stays.',
    }),
    gracePeriod: setting(types.duration({ minMs: 0, maxMs: MAX_DURATION_MS }).prefault('60s'), {
      description: 'A container that started less than this ago is never removed as unhealthy.',
    }),
    ...REQUEST,
    allow: setting(types.addressRanges.prefault(PRIVATE_RANGES), {
      description:
        'The addresses that may be probed, as CIDR ranges or single addresses; an endpoint elsewhere is not probed.',
      example: ['10.0.0.0/8', 'fd00::/8'],
    }),
    trustEcs: setting(types.toggle.prefault(false), {
      description:
        "Whether an essential container that ECS's own health check calls UNHEALTHY is unhealthy without a probe.",
    }),
    trustTargetGroups: setting(types.servicePatterns.prefault(false), {
      description:
        'The ECS services whose target groups are believed: an endpoint that one of them finds unhealthy, and none healthy, is unhealthy without a probe. `true` for all, or patterns of service names (`*` stands for any characters). Costs calls in each run.',
      example: ['web-*'],
    }),
    unhealthyThreshold: setting(types.wholeNumber(1, 10).prefault(1), {
      description:
        'How many runs in a row must find an endpoint failing before it is removed; more than 1 needs `state`.',
      example: 2,
    }),
    healthyThreshold: setting(types.wholeNumber(1, 10).prefault(1), {
      description:
        'How many runs in a row an endpoint that was failing must pass before it counts as healthy again for registration; more than 1 needs `state`.',
      example: 2,
    }),
    services: setting(types.rules(healthRule, 'the settings that differ').prefault([]), {
      description:
        'Services whose check differs; of the rules whose `match` fits a name the first applies. Only a config file can hold them.',
      example: [
        { match: '_db.*', kind: 'tcp', timeout: '5s' },
        { match: '*._tcp', path: '/ready' },
      ],
      isSecret: true,
    }),
  }),
  { description: 'How endpoints are probed.', role: 'shared' },
).transform(({ basicAuth, bodyContains, hostName, tlsCa, tlsCert, tlsKey, grpcService, ...set }) => ({
  ...renameKeys(set, { ...CHECK_NAMES, budget: 'budgetMs', gracePeriod: 'gracePeriodMs' }),
  basicAuth,
  bodyContains,
  hostName,
  tlsCa,
  tlsCert,
  tlsKey,
  grpcService,
}));
