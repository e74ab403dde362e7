import type { Clock } from '../../model/clock.ts';
import type { Host } from '../../model/inventory.ts';

/** So many hosts are kept: the memory of a process does not grow with the machines that come and go. */
const MAX_HOSTS = 10_000;

/** So long a host counts as it was read: an event of its end may be lost. */
const MAX_AGE_MS = 600_000;

/** The hosts of a process by container instance ARN: where a machine is, and what it is called, never changes. */
export class KnownHosts {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #hosts = new Map<string, { readonly host: Host; readonly readAt: number }>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get(arn: string): Host | undefined {
    const known = this.#hosts.get(arn);
    return known !== undefined && this.#clock.now() - known.readAt < MAX_AGE_MS ? known.host : undefined;
  }

  /** Of a host that is not to be kept, what was known before is past. */
  keep(arn: string, host: Host): void {
    this.#hosts.delete(arn);
    if (!isKept(host)) return;
    if (this.#hosts.size >= MAX_HOSTS) this.#hosts.clear();
    this.#hosts.set(arn, { host, readAt: this.#clock.now() });
  }

  /** Takes over what a whole run has read of hosts that are known. */
  refresh(hosts: readonly Host[]): void {
    for (const host of hosts)
      if (this.#hosts.has(host.containerInstance)) this.keep(host.containerInstance, host);
  }

  /** What EC2 tells of a machine is news of it, also where its cluster is out of sight. */
  forget(instanceIds: ReadonlySet<string>): void {
    if (instanceIds.size === 0) return;
    for (const [arn, { host }] of this.#hosts)
      if (instanceIds.has(host.instanceId ?? '')) this.#hosts.delete(arn);
  }
}

/** What a reading left open is asked for again the next time, and so is a host that changes. */
function isKept({ state, privateDnsName, address, isDraining }: Host): boolean {
  return state === 'present' && privateDnsName !== undefined && address !== undefined && !isDraining;
}
