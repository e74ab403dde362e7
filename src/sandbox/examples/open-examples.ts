import { once } from 'node:events';
import { createServer } from 'node:net';
import { claimFreeBlock } from '../claim-block.ts';
import { type NameServer, openNameServer } from '../dns/open-name-server.ts';
import type { Fleet } from '../fleet/generate-fleet.ts';
import {
  type ContainerProcess,
  type ProcessContainers,
  processContainers,
} from '../fleet/process-containers.ts';
import { RestartThrottle } from '../fleet/restart-throttle.ts';
import { type OpenApis, openApis } from '../open-apis.ts';
import type { SandboxOptions } from '../server.ts';
import { type Balancers, openBalancers } from './balancers.ts';
import { type ControlServer, openControlServer } from './control-server.ts';
import { exampleFleet, expectedRecords } from './example-fleet.ts';
import { checkPrograms, programOf } from './example-programs.ts';

export interface ExamplesOptions extends Pick<SandboxOptions, 'port' | 'quotas' | 'latencyMs'> {
  /** The port of the name server; any free one unless given. */
  readonly dnsPort?: number;
  /** Told of each container that has ended with an error by itself. */
  readonly failed?: (ended: ContainerProcess, exitCode: number) => void;
}

/** A sandbox in which the examples run. */
export interface OpenExamples extends OpenApis {
  readonly fleet: Fleet;
  readonly containers: ProcessContainers;
  readonly nameServer: NameServer;
  readonly balancers: Balancers;
  /** For the scheduler, whose waits the page shows. */
  readonly restarts: RestartThrottle;
  /** The page that shows what runs, and stops it. */
  readonly control: ControlServer;
  /** The names that have fewer record sets than they are to have. */
  readonly missing: () => readonly string[];
}

/**
 * Opens a sandbox for the example services, with a name server, load balancers and a page; a scheduler begins the tasks.
 * Rejects when a port is taken, when no block of loopback addresses is free, or when the programs are not built.
 */
export async function openExamples(options: ExamplesOptions = {}): Promise<OpenExamples> {
  checkPrograms();
  const closing: (() => Promise<void>)[] = [];
  const closeAll = async () => {
    // What was opened first is needed longest.
    for (const close of closing.splice(0).toReversed()) await close();
  };
  const keep = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.push(() => opened.close());
    return opened;
  };
  try {
    const { block, release } = await claimFreeBlock();
    closing.push(release);
    const ports = { http: await firstFree(block, 8080), redis: await firstFree(block, 6379) };
    const fleet = exampleFleet(block, ports);
    const { world, zone } = fleet;
    const { dnsPort = 0, failed, ...api } = options;
    const apis = keep(await openApis(world, api));
    const nameServer = keep(await openNameServer({ world, port: dnsPort }));
    const balancers = keep(await openBalancers(world, ports.http));
    const containers = keep(
      processContainers({
        world,
        now: Date.now,
        programOf,
        environment: { DNS_SERVER: `${nameServer.address}:${nameServer.port}` },
        ...(failed === undefined ? {} : { failed }),
      }),
    );
    const restarts = new RestartThrottle();
    const control = keep(await openControlServer({ fleet, containers, balancers, restarts, now: Date.now }));
    const missing = () => {
      const names = zone.list().map(({ Name }) => Name);
      const wanting = expectedRecords().filter(
        ({ name, count }) => names.filter((one) => one === name).length < count,
      );
      return wanting.map(({ name }) => name);
    };
    return { ...apis, fleet, nameServer, balancers, containers, restarts, control, missing, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** How far apart the ports are that are tried, and how many. */
const STEP = 100;
const TRIES = 20;

/** The first port from the usual one on at which no program of this machine listens at all addresses. */
async function firstFree(block: number, usual: number): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const server = createServer();
    const port = usual + i * STEP;
    try {
      server.listen(port, `127.${block}.255.253`);
      await once(server, 'listening');
      server.close();
      await once(server, 'close');
      return port;
    } catch (error) {
      if (Reflect.get(Object(error), 'code') !== 'EADDRINUSE') throw error;
    }
  }
  throw new RangeError(`every port from ${usual} on that was tried is taken`);
}
