import { RunError } from '../model/run-error.ts';

/** Where a server listens; without `host` on all addresses of the machine. */
export interface ListenAddress {
  readonly host: string | undefined;
  readonly port: number;
}

const HOST_AND_PORT = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]*)):(\d{1,5})$/;
const MAX_PORT = 65_535;

/** Reads `:7979`, `127.0.0.1:7979` or `[::1]:7979`; port 0 takes any free one. Throws a `RunError`. */
export function readListenAddress(text: string): ListenAddress {
  const fields = HOST_AND_PORT.exec(text);
  const port = Number(fields?.[3]);
  if (fields === null || port > MAX_PORT) {
    throw new RunError(
      'usage',
      `--listen: ${JSON.stringify(text)} is not valid; write :7979, 127.0.0.1:7979 or [::1]:7979`,
    );
  }
  const host = fields[1] ?? fields[2];
  return { host: host === '' ? undefined : host, port };
}
