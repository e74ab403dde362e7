import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runHere } from '../cli/support.ts';

interface Instruction {
  readonly name: string;
  readonly args: string;
}

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

/** The instructions, each on one line and without comments, stage by stage. */
function readStages(): readonly (readonly Instruction[])[] {
  const lines = read('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name = '', args = ''] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
    if (name === 'FROM') stages.push([]);
    stages.at(-1)?.push({ name, args });
  }
  return stages;
}

const STAGES = readStages();
const IMAGE = STAGES.at(-1) ?? [];

function argsOf(name: string, stage = IMAGE): readonly string[] {
  return stage.filter((instruction) => instruction.name === name).map(({ args }) => args);
}

function stageNamed(name: string): readonly Instruction[] {
  return STAGES.find(([from]) => from?.args.endsWith(` AS ${name}`)) ?? [];
}

function words(name: string): readonly string[] {
  return JSON.parse(argsOf(name)[0]?.replace(/^.*?(?=\[)/, '') ?? '[]');
}

describe('the image', () => {
  test('is made on node:24-slim, all stages of it', () => {
    const stages = STAGES.map(([from]) => from?.args.split(' AS ') ?? []);
    const names = stages.map(([, name]) => name);
    const bases = stages.map(([base]) => base).filter((base) => !names.includes(base));
    expect(new Set(bases)).toEqual(new Set(['node:24-slim']));
    expect(stages.length).toBeGreaterThan(1);
  });

  test('runs nothing while it is put together, and nothing as root afterwards', () => {
    expect(argsOf('RUN')).toEqual([]);
    expect(argsOf('USER')).toEqual(['node']);
  });

  test('gives its user nothing but the journal: a volume, where the setting says it is', () => {
    const path = '/var/lib/ecs-dns/journal';
    expect(argsOf('ENV').join(' ').split(' ')).toContain(`ECS_DNS_JOURNAL=${path}`);
    expect(argsOf('VOLUME')).toEqual([path]);
    expect(argsOf('RUN', stageNamed('worker'))[0]).toMatch(/^mkdir -p state\/journal && /);
    expect(argsOf('COPY').filter((args) => args.includes('--chown'))).toEqual([
      '--from=worker --chown=node:node /build/state/ /var/lib/ecs-dns/',
    ]);
  });

  test('has the production dependencies only, installed without scripts', () => {
    expect(argsOf('COPY').filter((args) => args.includes('node_modules'))).toEqual([
      '--from=dependencies /build/node_modules node_modules',
    ]);
    expect(argsOf('RUN', stageNamed('dependencies'))).toEqual(['npm ci --omit=dev --ignore-scripts']);
  });

  test('has what was built, but not the sandbox', () => {
    expect(argsOf('COPY').filter((args) => args.includes('dist'))).toEqual([
      '--from=worker /build/dist dist',
    ]);
    expect(STAGES.find(([from]) => from?.args === 'build AS worker')).toBeDefined();
    expect(argsOf('RUN', stageNamed('worker'))[0]).toMatch(
      / && rm -r dist\/sandbox dist\/cli\/sandbox-command\.\*$/,
    );
  });

  test('is a production environment in which the command watches', () => {
    expect(argsOf('ENV')).toEqual(['NODE_ENV=production ECS_DNS_JOURNAL=/var/lib/ecs-dns/journal']);
    expect(argsOf('WORKDIR')).toEqual(['/app']);
    expect(words('ENTRYPOINT')).toEqual(['node', '/app/dist/cli.js']);
    expect(words('CMD')).toEqual(['watch', '--listen', '0.0.0.0:7979']);
    expect(argsOf('EXPOSE')).toEqual(['7979']);
  });

  test('has a command line that only lacks its zone', async () => {
    const { code, stderr } = await runHere(words('CMD'), 'http://127.0.0.1:1');

    expect(code).toBe(1);
    expect(stderr).toMatch(/^ecs-dns: zone: required.*\n$/);
  });

  test('knows no registry', () => {
    expect(read('Dockerfile')).not.toMatch(/registry|npmrc|https:/);
  });
});

describe('the image of the sandbox', () => {
  const image = stageNamed('sandbox');

  test('runs the examples that the build has bundled, as no root, and has no development dependencies', () => {
    expect(argsOf('ENTRYPOINT', image)).toEqual(['["node", "/app/dist/cli.js", "sandbox"]']);
    expect(argsOf('CMD', image)).toEqual(['["--examples"]']);
    expect(argsOf('USER', image)).toEqual(['node']);
    expect(argsOf('RUN', image)).toEqual([]);
    expect(argsOf('COPY', image)).toEqual([
      '--from=dependencies /build/node_modules node_modules',
      '--from=examples /build/dist dist',
      'package.json LICENSE ./',
    ]);
    expect(argsOf('RUN', stageNamed('examples'))).toEqual(['node scripts/bundle-examples.mjs']);
  });
});

describe('the health check', () => {
  /** Runs what the HEALTHCHECK runs, against another port. */
  async function check(port: number): Promise<number> {
    const [command = '', ...args] = words('HEALTHCHECK');
    expect(command).toBe('node');
    const there = args.map((arg) =>
      arg.replace('http://127.0.0.1:7979/healthz', `http://127.0.0.1:${port}/healthz`),
    );
    expect(there).not.toEqual(args);
    const [code] = await once(spawn(process.execPath, there), 'close');
    return Number(code);
  }

  async function serveStatus(status: number): Promise<number> {
    const server = createServer(({ url }, response) => {
      response.writeHead(url === '/healthz' ? status : 404).end();
    }).listen(0, '127.0.0.1');
    onTestFinished(() => {
      server.close();
    });
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  test.each([
    { status: 200, code: 0 },
    { status: 503, code: 1 },
  ])('ends with $code when /healthz answers $status', async ({ status, code }) => {
    expect(await check(await serveStatus(status))).toBe(code);
  });

  test('ends with 1 when nobody listens', async () => {
    expect(await check(1)).toBe(1);
  });
});

test('.dockerignore lets in what the stages copy, and nothing else', () => {
  const [first, ...rest] = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const copied = STAGES.flatMap((stage) => argsOf('COPY', stage))
    .filter((args) => !args.startsWith('--from='))
    .flatMap((args) => args.split(' ').slice(0, -1));

  expect(first).toBe('*');
  expect(new Set(rest)).toEqual(new Set(copied.map((path) => `!${path}`)));
});
