import { isIP } from 'node:net';
import type { CheckSelector } from '../commands/check.ts';
import type { Settings } from '../config/settings.ts';
import { isBelow, normalizeName, relativeName } from '../model/dns-name.ts';
import { RunError } from '../model/run-error.ts';
import type { CheckReport } from '../report/check-schema.ts';
import { renderCheck } from '../report/render-check.ts';
import { type Call, withWorker } from './call.ts';
import { EXIT } from './exit-codes.ts';
import { complain, printDocument } from './terminal.ts';

/** `ecs-dns check`: probes one address or one service now; 0 when all of it could be read and is healthy. */
export async function checkCommand(call: Call): Promise<number> {
  const { subject, terminal } = call;
  const address = readAddress(subject);
  const settings = call.settings(address && NO_ZONE);
  const selector = address ?? readService(subject, settings);
  const report = await withWorker(settings, call, (worker, conduct) =>
    worker.check(selector, { subject, ...conduct }),
  );
  printDocument(report, { text: renderCheck }, settings, terminal);
  if (report.endpoints.length === 0) {
    complain(`check: nothing to probe for ${subject}: ${remedyFor(report, selector, settings)}`, terminal);
    return EXIT.error;
  }
  const isHealthy = report.endpoints.every(({ outcome }) => outcome.kind === 'healthy');
  return isHealthy && report.incomplete.length === 0 ? EXIT.done : EXIT.error;
}

/** Why nothing is asked, and what to do about it. */
function remedyFor({ unchecked }: CheckReport, { kind }: CheckSelector, { health }: Settings): string {
  if (!health.enabled) return 'health.enabled is false: leave out --no-health-enabled, or what else says so';
  if (kind === 'address') return 'health.kind is none: give another, such as --health-kind tcp';
  if (unchecked.length > 0) return 'its endpoints are not to be checked; explain says by whose word';
  return 'no running endpoint has that name; write a service as _orders._tcp, an address as 10.0.1.2:8080; ecs-dns plan --all lists the names of the zone';
}

const ADDRESS_AND_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+)):(\d{1,5})$/;
const MAX_PORT = 65_535;

/** An address is probed without a look at any zone. */
const NO_ZONE = 'Z0';

function readAddress(subject: string): CheckSelector | undefined {
  const [, v6, v4, portText] = ADDRESS_AND_PORT.exec(subject) ?? [];
  const address = v6 ?? v4;
  if (address === undefined) return undefined;
  const port = Number(portText);
  if (isIP(address) === 0 || port === 0 || port > MAX_PORT) {
    throw new RunError(
      'usage',
      `check: "${subject}" is no address and port: write 10.0.1.2:8080 or [fd00::1]:8080`,
    );
  }
  return { kind: 'address', address, port };
}

function readService(subject: string, { zone }: Settings): CheckSelector {
  const name = normalizeName(subject);
  const isFull = zone.kind === 'name' && isBelow(name, zone.name);
  return { kind: 'service', serviceName: isFull ? relativeName(name, zone.name) : name };
}
