import { type ChildProcess, spawn } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import process from 'node:process';
import { onTestFinished } from 'vitest';

/** `ecs-dns sandbox --examples`, as it was built, in a process of its own. */
export interface RunningExamples {
  readonly child: ChildProcess;
  /** All that it has printed until it was told that it is up. */
  readonly printed: string;
  readonly portal: string;
  readonly shop: string;
  readonly bookings: string;
  /** The page that shows the containers and stops them. */
  readonly control: string;
  readonly api: string;
  /** Of the containers and the worker. */
  readonly pids: readonly number[];
  /** Those that run when it is up, by the name of the service. */
  readonly containers: readonly { readonly name: string; readonly pid: number; readonly address: string }[];
  readonly resolver: Resolver;
  /** The ports under which DNS has a service in 40 answers, sorted, each with its host. */
  targets(service: string): Promise<readonly string[]>;
}

const ENOUGH_ANSWERS = 40;

/** Starts it, and resolves once it has told where everything is; it ends with the test, or with what `keep` says. */
export async function startExamples(
  keep: (close: () => Promise<void>) => void = onTestFinished,
  options: readonly string[] = [],
): Promise<RunningExamples> {
  const child = spawn(process.execPath, ['dist/cli.js', 'sandbox', '--examples', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  keep(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const printed = await untilPrinted(child, 'Ctrl-C ends it all.');
  const find = (pattern: RegExp) => pattern.exec(printed)?.[1] ?? '';
  const resolver = new Resolver();
  resolver.setServers([`127.0.0.1:${find(/dig @127\.0\.0\.1 -p (\d+)/)}`]);
  const containers = [...printed.matchAll(/^(\w+) +(\d+) +(127\.\S+:\d+)$/gm)].map(
    ([, name = '', pid, address = '']) => ({ name, pid: Number(pid), address }),
  );
  const worker = Number(find(/^Worker .* pid (\d+)$/m));
  return {
    child,
    printed,
    portal: find(/^Portal +(\S+)$/m),
    shop: find(/^Shop +(\S+)$/m),
    bookings: find(/^Bookings +(\S+)$/m),
    control: find(/^Containers +(\S+) /m),
    api: find(/AWS_ENDPOINT_URL=(\S+)/),
    pids: [worker, ...containers.map(({ pid }) => pid)],
    containers,
    resolver,
    targets: async (service) => {
      const asked = Array.from({ length: ENOUGH_ANSWERS }, () =>
        resolver.resolveSrv(`_${service}._tcp.servicediscovery.internal`),
      );
      const answers = (await Promise.all(asked)).flat();
      return [...new Set(answers.map(({ name, port }) => `${name}:${port}`))].toSorted();
    },
  };
}

async function untilPrinted(child: ChildProcess, end: string): Promise<string> {
  let printed = '';
  child.stdout?.setEncoding('utf8');
  for await (const text of child.stdout ?? []) {
    printed += text;
    if (printed.includes(end)) return printed;
  }
  throw new Error(`it has ended after it printed: ${printed}`);
}

/** The text of a page, without its markup. */
export async function textOf(url: string): Promise<string> {
  const page = await (await fetch(url)).text();
  return page
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
