import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import process from 'node:process';
import { describe, expect, onTestFinished, test } from 'vitest';
import { containerOf, deployed, SERVICES } from '../examples/cloudformation-example.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : Number.NaN;
}

/** Starts the program of a service as its task would, on a port of loopback; resolves once it listens. */
async function startTask(service: string) {
  const { name, variables, secrets, healthCommand } = containerOf(service);
  const port = await freePort();
  const env = {
    ...Object.fromEntries(Object.keys(secrets).map((variable) => [variable, 'told-by-the-secret'])),
    ...Object.fromEntries(variables),
    PORT: String(port),
    HOST: '127.0.0.1',
  };
  const program = spawn(process.execPath, [`dist/examples/${name}.mjs`], { env });
  onTestFinished(() => {
    program.kill('SIGKILL');
  });
  const ended = once(program, 'exit').then(([code]) => {
    throw new TypeError(`${service} ended with ${code} before it listened`);
  });
  await Promise.race([once(program.stdout, 'data'), ended]);
  // Its end by the signal above is no fault.
  ended.catch(() => undefined);
  return { port, healthCommand };
}

/** Runs the command by which ECS checks a container, against another port. */
async function check(healthCommand: readonly string[], port: number): Promise<number> {
  const [command, ...args] = healthCommand;
  expect(command).toBe('node');
  const there = args.map((arg) => arg.replace('127.0.0.1:8080/', `127.0.0.1:${port}/`));
  expect(there).not.toEqual(args);
  const [code] = await once(spawn(process.execPath, there), 'close');
  return Number(code);
}

describe.each(SERVICES)('a task of %s in the example for AWS', (service) => {
  test('starts with the variables of its definition, and is healthy to ECS', async () => {
    const { port, healthCommand } = await startTask(service);
    expect(await check(healthCommand, port)).toBe(0);
  });

  test('is not, to that check, where nothing listens', async () => {
    expect(await check(containerOf(service).healthCommand, await freePort())).toBe(1);
  });
});

test('a task of the portal is healthy to its load balancer', async () => {
  const { port } = await startTask('PortalService');
  const { HealthCheckPath } = Object(deployed('PortalTargets'));
  expect(await fetch(`http://127.0.0.1:${port}${HealthCheckPath}`)).toMatchObject({ status: 200 });
});
