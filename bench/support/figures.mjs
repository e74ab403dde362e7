import { performance } from 'node:perf_hooks';

/** The middle one of the figures. */
export function median(figures) {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];
}

/** Runs `work` and returns what it took: wall and CPU milliseconds, and its value. */
export async function measure(work) {
  const [cpu, start] = [process.cpuUsage(), performance.now()];
  const value = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, value };
}

export const MIB = 1024 * 1024;

export function total(calls) {
  return Object.values(calls).reduce((sum, count) => sum + count, 0);
}
