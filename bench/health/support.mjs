import { fork } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { systemClock } from '../../dist/aws/system-clock.js';
import { createProber } from '../../dist/probe/prober.js';

/** Starts the server; resolves with its port and a way to end it. */
export async function startServer(hangEvery = 0, scheme = 'plain') {
  const child = fork(new URL('./loopback-server.mjs', import.meta.url), [String(hangEvery), scheme]);
  const [port] = await once(child, 'message');
  return { port, stop: () => child.disconnect() };
}

/** Distinct addresses of 127.0.0.0/8; the last octet runs from 1 to 200. */
export function addresses(count) {
  return Array.from({ length: count }, (_, i) => {
    const [low, middle, high] = [1 + (i % 200), Math.floor(i / 200) % 250, Math.floor(i / 50_000)];
    return `127.${1 + high}.${middle}.${low}`;
  });
}

/** A check with everything on that costs something. */
export const CHECK = {
  kind: 'http',
  method: 'GET',
  path: '/health',
  headers: { 'x-health-check': 'ecs-dns' },
  basicAuth: 'health:secret',
  matcher: [{ from: 200, to: 299 }],
  bodyContains: undefined,
  hostName: undefined,
  tlsSkipVerify: false,
  timeoutMs: 2_000,
  attempts: 3,
  intervalMs: 500,
};

/** The product's own prober, on loopback. */
export function prober(concurrency) {
  const allow = [{ family: 'ipv4', address: '127.0.0.0', prefixLength: 8 }];
  return createProber({ concurrency, budgetMs: 600_000, allow }, systemClock);
}

/** Runs `work` and returns what it took: wall and CPU milliseconds, and its value. */
export async function measure(work) {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const value = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, value };
}

/** The middle one of an odd number of figures. */
export function median(figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
}
