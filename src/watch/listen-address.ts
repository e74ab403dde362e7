import { RunError } from '../model/run-error.ts';

/** Where a server listens. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const HOST_AND_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/;
const MAX_PORT = 65_535;
const THIS_MACHINE = '127.0.0.1';

/**
 * Reads `:7979`, which is for this machine alone, `0.0.0.0:7979` or `[::]:7979` for all, or an address with its port; port
 * 0 takes any free one. Throws a `RunError`.
 */
export function readListenAddress(text: string): ListenAddress {
  const fields = HOST_AND_PORT.exec(text);
  const port = Number(fields?.[3]);
  if (fields === null || port > MAX_PORT) {
    throw new RunError(
      'usage',
      `--listen: ${JSON.stringify(text)} is not valid; write :7979 for this machine alone, or 0.0.0.0:7979 or [::]:7979 for all`,
    );
  }
  return { host: fields[1] || fields[2] || THIS_MACHINE, port };
}

/** Whether an IP address is one that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/.test(address);
}

/**
 * Whether a browser that sends this Host header was told a name or address of this machine. Any other name, led to
 * loopback by its owner, would let the owner's page read what is served (DNS rebinding).
 */
export function isLocalHost(header: string | undefined): boolean {
  const host = /^(?:\[([^\]]*)\]|([^:]*))(?::\d+)?$/.exec(header ?? '');
  const name = (host?.[1] ?? host?.[2] ?? '').toLowerCase();
  return name === 'localhost' || isLoopback(name);
}
