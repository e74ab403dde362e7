import { LOG_FORMATS, LOG_LEVELS } from '../model/log-level.ts';
import { RunError } from '../model/run-error.ts';
import type { Call } from './call.ts';
import { oneOf, wholeNumber, wholeNumberOption } from './command-options.ts';
import { type CommandSpec, QUIET } from './command-spec.ts';

/** The one command that needs no settings: its options are all its own. */
export const SANDBOX: CommandSpec = {
  name: 'sandbox',
  group: 'Try out',
  summary: 'the main job on a local look-alike of AWS',
  description: 'Runs the main job on a local look-alike of AWS with a sample fleet; needs no account.',
  examples: [
    ['sandbox', 'plan, apply and plan again'],
    ['sandbox --examples', 'a portal that finds its services by DNS, and a page that stops them'],
    ['sandbox --serve --churn 10', 'a fleet for watch --events to follow'],
    ['sandbox --serve --dns 5300', 'its records for dig and other clients to resolve'],
  ],
  options: [
    { flags: '--serve', description: 'keep the sandbox running, and print how to reach it' },
    {
      flags: '--examples',
      description:
        'run the example services as processes, the worker next to them, and print their addresses',
    },
    {
      flags: '--without-worker',
      description: 'with --examples: register nothing, and print how a worker of your own gets there',
    },
    {
      flags: '--churn <seconds>',
      description: 'with --serve: how often a task stops and another takes its place',
      check: (text) => wholeNumber('--churn', text, { from: 1 }),
    },
    {
      flags: '--predecessor <system>',
      description: 'with --serve: a zone as another system left it, such as host-agent-1.4',
    },
    wholeNumberOption('--seed', 'another fleet of the same kind'),
    wholeNumberOption('--clusters', 'how many clusters', '3', 1),
    wholeNumberOption('--instances', 'how many container instances, and one more', '9', 1),
    wholeNumberOption(
      '--tasks',
      'how many tasks, and some of special cases; beyond 2000 no container listens',
      '48',
    ),
    {
      flags: '--policy <policy>',
      description: 'prune, or sync: begin with nothing registered, and register it',
      byDefault: 'prune',
      check: (text) => oneOf('--policy', text, ['prune', 'sync']),
    },
    {
      flags: '--port <number>',
      description: 'the port of the AWS APIs; any free one unless given',
      check: (text) => wholeNumber('--port', text, { to: 65_535 }),
    },
    {
      flags: '--dns <port>',
      description:
        'with --serve or --examples: answer DNS from the zones, over UDP and TCP; 0 for any free port',
      check: (text) => wholeNumber('--dns', text, { to: 65_535 }),
    },
    {
      flags: '--quotas <which>',
      description: "AWS's request quotas: none, current, or older, which is Route 53's 5 a second too",
      byDefault: 'none',
      check: (text) => oneOf('--quotas', text, ['none', 'current', 'older']),
    },
    {
      flags: '--log-format <format>',
      description: 'with --serve or --examples: how what happens is told on stderr: text or json',
      byDefault: 'text',
      check: (text) => oneOf('--log-format', text, LOG_FORMATS),
    },
    {
      flags: '--log-level <level>',
      description: 'with --serve or --examples: what is told: debug, info, warn or error; info unless given',
      check: (text) => oneOf('--log-level', text, LOG_LEVELS),
    },
    QUIET,
    wholeNumberOption('--latency-ms', 'how long every answer takes on its way', '0'),
  ],
  exitCodes: { 0: 'it ended as it should', 1: 'an error, or it did not' },
  run: runSandbox,
};

/** Nothing that runs in production pulls the sandbox in, and the container image leaves it out. */
async function runSandbox(call: Call): Promise<number> {
  const { sandboxCommand } = await import('./sandbox-command.ts').catch((error: unknown) => {
    if (Reflect.get(Object(error), 'code') !== 'ERR_MODULE_NOT_FOUND') throw error;
    const remedy = 'run it from the package: npx ecs-dns-reconciler sandbox';
    throw new RunError('usage', `sandbox: it is not part of the container image; ${remedy}`, error);
  });
  return sandboxCommand(call);
}
