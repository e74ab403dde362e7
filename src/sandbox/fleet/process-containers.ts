import { type ChildProcess, fork } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';
import type { Clock } from '../../model/clock.ts';
import type { ContainerDefinition, Task } from '../world/ecs-shapes.ts';
import { stopTimeoutMs } from '../world/stop-timeout.ts';
import type { World } from '../world/world.ts';
import type { RunningContainers } from './running-containers.ts';
import { endpointsOf } from './world-endpoints.ts';

/** A container that is a process of this machine. */
export interface ContainerProcess {
  readonly task: Task;
  /** Its name in the task definition. */
  readonly name: string;
  readonly pid: number;
  readonly address: string;
  readonly port: number;
  /** The last lines that it has written, oldest first. */
  readonly lines: readonly string[];
  /** The last line of its error output. */
  readonly fault: string | undefined;
}

/** A container that has ended with an error without being told to. */
export interface ContainerFailure extends Pick<ContainerProcess, 'task' | 'name' | 'lines'> {
  readonly exitCode: number;
}

export interface ProcessContainers extends RunningContainers {
  /** Those that run, in the order of their start. */
  processes(): readonly ContainerProcess[];
  /** Of each service the last one that has failed. */
  failures(): readonly ContainerFailure[];
}

export interface ProcessOptions {
  readonly world: World;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The module that Node runs as a container of an image; of what has none nothing runs. */
  readonly programOf: (image: string) => string | undefined;
  /** What all of them get, next to what their definitions say. */
  readonly environment: Readonly<Record<string, string>>;
  /** Told of each that has ended with an error without being told to. */
  readonly failed?: (ended: ContainerProcess, exitCode: number) => void;
}

/**
 * Runs each container as a process, which listens at the address and port that its task has. One that ends by itself is
 * a container that has stopped, and may take its task with it. All of them end with this process, however it ends.
 */
export function processContainers(options: ProcessOptions): ProcessContainers {
  const { world } = options;
  const running = new Set<Running>();
  const failures = new Map<string, ContainerFailure>();
  const of = (task: Task) => [...running].filter((one) => one.task === task);
  const start = async (task: Task) => {
    const definitions = world.taskDefinitions.get(task.taskDefinitionArn)?.containerDefinitions ?? [];
    for (const { address, port, container } of endpointsOf(world, [task])) {
      const definition = definitions.find(({ name }) => name === container);
      const program = definition === undefined ? undefined : options.programOf(definition.image);
      const isRunning = of(task).some(({ name }) => name === container);
      if (definition === undefined || program === undefined || isRunning) continue;
      const started = new Running({ task, definition, address, port }, program, options.environment);
      running.add(started);
      void started.ended.then((exitCode) => {
        running.delete(started);
        if (!started.isToldToEnd && exitCode !== 0) {
          const { name, lines } = started;
          failures.set(`${task.clusterArn} ${task.group}`, { task, name, lines, exitCode });
          options.failed?.(started, exitCode);
        }
        world.endContainer(task, container, exitCode, options.now() / 1000);
      });
    }
  };
  const kill = async (all: Iterable<Running>) => {
    await Promise.all([...all].map((one) => one.kill()));
  };
  return {
    start,
    stop: async (task, clock, signal) => {
      await Promise.all(of(task).map((one) => one.stop(clock, signal)));
    },
    end: (task) => kill(of(task)),
    close: () => kill(running),
    processes: () => [...running].filter(({ pid }) => pid !== 0),
    failures: () => [...failures.values()],
  };
}

/**
 * Ends a process with the one that started it, also where that is killed: the channel between them closes then. As a
 * module in a URL it needs no file, and the program knows nothing of it.
 */
export const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(
  'process.once("disconnect", () => process.exit(1)); process.channel?.unref();',
)}`;

interface Place {
  readonly task: Task;
  readonly definition: ContainerDefinition;
  readonly address: string;
  readonly port: number;
}

const MAX_LINES = 8;
const MAX_LINE = 400;

class Running implements ContainerProcess {
  readonly task: Task;
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly lines: string[] = [];
  fault: string | undefined;
  /** Its exit code, as Docker tells it: 128 and the number of the signal that ended it. */
  readonly ended: Promise<number>;
  isToldToEnd = false;
  readonly #child: ChildProcess;
  readonly #stopMs: number;

  constructor(place: Place, program: string, environment: Readonly<Record<string, string>>) {
    const { task, definition, address, port } = place;
    this.task = task;
    this.name = definition.name;
    this.address = address;
    this.port = port;
    this.#stopMs = stopTimeoutMs(definition);
    this.#child = fork(program, [], {
      // No credentials of the caller's, nor any other variable of this process.
      env: { PATH: process.env['PATH'], ...environment, ...variablesOf(place) },
      execArgv: ['--import', END_WITH_PARENT],
      // Of a group of its own: Ctrl-C is for the sandbox.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.ended = endOf(this.#child);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        const last = this.#keep(text);
        if (stream === this.#child.stderr) this.fault = last;
      });
  }

  /** 0 where it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async stop(clock: Clock, signal: AbortSignal): Promise<void> {
    this.isToldToEnd = true;
    this.#child.kill('SIGTERM');
    const waiting = new AbortController();
    const isOver = clock.sleep(this.#stopMs, AbortSignal.any([signal, waiting.signal])).catch(() => {});
    await Promise.race([this.ended, isOver]);
    waiting.abort();
    if (!signal.aborted) await this.kill();
  }

  async kill(): Promise<void> {
    this.isToldToEnd = true;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  #keep(text: string): string | undefined {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    this.lines.push(...lines.map((line) => line.slice(0, MAX_LINE)));
    this.lines.splice(0, this.lines.length - MAX_LINES);
    return this.lines.at(-1);
  }
}

function variablesOf({ task, definition, address, port }: Place): Record<string, string> {
  const { runtimeId = '' } = task.containers.find(({ name }) => name === definition.name) ?? {};
  const overridden = task.overrides.containerOverrides.find(({ name }) => name === definition.name);
  const own = [...definition.environment, ...(overridden?.environment ?? [])];
  return {
    ...Object.fromEntries(own.map(({ name, value }) => [name, value])),
    HOST: address,
    PORT: String(port),
    // As Docker names the host of a container.
    HOSTNAME: runtimeId.slice(0, 12),
  };
}

function endOf(child: ChildProcess): Promise<number> {
  child.on('error', () => {});
  // What could not be started has no exit.
  if (child.pid === undefined) return Promise.resolve(1);
  const signals: Readonly<Record<string, number>> = constants.signals;
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signals[signal ?? ''] ?? 0)));
  });
}
