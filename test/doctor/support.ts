import { expect } from 'vitest';
import type { Finding } from '../../src/doctor/finding.ts';
import { doctorSchema } from '../../src/report/doctor-schema.ts';
import type { Behaviour } from '../../src/sandbox/fleet/behaviour.ts';
import type { FleetBuilder } from '../../src/sandbox/fleet/fleet-builder.ts';
import { type FakeTerminal, runHere } from '../cli/support.ts';
import { addService, listen, newFleet, ZONE_NAME } from '../end-to-end/support.ts';
import type { TestServer } from '../sandbox/test-server.ts';

/** Two clusters with a service each; their containers are there, and behave as told, if anything is told of them. */
export async function twoClusters(behaviour?: Behaviour): Promise<FleetBuilder> {
  const fleet = newFleet({ clusters: ['blue', 'green'], machines: 1 });
  for (const cluster of ['blue', 'green']) {
    const { live } = addService(fleet, `_${cluster}._tcp`, { cluster, live: 1, stale: 1 });
    if (behaviour !== undefined) for (const member of live) fleet.behave(member, behaviour);
  }
  if (behaviour !== undefined) await listen(fleet);
  return fleet;
}

/** Settings under which the sample endpoints are reached, and soon given up. */
export const PROBING = ['--health-allow', '127.0.0.0/8', '--health-attempts', '1'];

/** Runs `ecs-dns doctor` with JSON output; whatever it finds, it changes nothing and complains of nothing. */
export async function examine(
  server: Pick<TestServer, 'url' | 'log'>,
  args: readonly string[] = [],
  terminal: FakeTerminal = {},
) {
  // A list that is given twice is both.
  const probing = args.includes('--health-allow') ? ['--health-attempts', '1'] : PROBING;
  const zone = args.includes('--zone') ? [] : ['--zone', ZONE_NAME];
  const all = ['doctor', '--output=json', ...zone, ...probing, ...args];
  const { code, stdout, stderr } = await runHere(all, server.url, terminal);
  expect(stderr).toMatch(/^(?:ecs-dns: --\S+ has no effect: .+\n)*$/);
  expect(server.log.map(({ operation }) => operation)).not.toContain('route53:ChangeResourceRecordSets');
  const { findings } = doctorSchema.strict().parse(JSON.parse(stdout));
  const failed = findings.filter(({ status }) => status === 'fail').map(({ check }) => check);
  expect(code).toBe(failed.length === 0 ? 0 : 1);
  return { findings, failed, of: (check: string) => lineOf(check, findings) };
}

/** A finding as one line: its status, its detail, and its remedy. */
export function lineOf(check: string, findings: readonly Finding[]): string {
  const finding = findings.find((one) => one.check === check);
  if (finding === undefined) throw new TypeError(`there is no finding ${check}`);
  const remedy = finding.status === 'fail' ? ` → ${finding.remedy}` : '';
  return `${finding.status}: ${finding.detail}${remedy}`;
}
