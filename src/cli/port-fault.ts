import { socketAddress } from '../model/ip-address.ts';

const FAULTS: ReadonlyMap<unknown, string> = new Map([
  ['EADDRINUSE', 'it is taken'],
  ['EACCES', 'it may not be used by this user'],
]);

/**
 * What is wrong with a port at which a sandbox cannot listen, in one line with the remedy: that of a flag, or one at
 * which its containers listen. `undefined` for an error of another kind.
 */
export function portFault(
  error: unknown,
  flags: { readonly port?: string | undefined; readonly dns?: string | undefined },
): string | undefined {
  const { code, address, port } = Object(error);
  const fault = FAULTS.get(code);
  if (fault === undefined) return undefined;
  if (flags.dns !== undefined && port === Number(flags.dns))
    return `--dns: ${flags.dns} cannot be listened at (${fault}); give another, or 0 for any free one`;
  if (flags.port !== undefined && port === Number(flags.port))
    return `--port: ${flags.port} cannot be listened at (${fault}); give another, or none for any free one`;
  const place = socketAddress(String(address), Number(port));
  return `sandbox: its containers cannot listen at ${place} (${fault}); stop what listens at port ${port} on all addresses of this machine`;
}
