/**
 * How a container answers at one of its ports.
 *
 * | kind    | on the wire                                                            |
 * |---------|------------------------------------------------------------------------|
 * | healthy | 200; at every path, or 404 at all but the one given                    |
 * | status  | this status                                                            |
 * | refuse  | no server listens                                                      |
 * | hang    | accepts the connection and never says a word                           |
 * | reset   | accepts the connection and destroys it                                 |
 */
export type Behaviour =
  | { readonly kind: 'healthy'; readonly path?: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reset' };

/** Behaviours by `address:port`; what is not in it is healthy. */
export type Behaviours = ReadonlyMap<string, Behaviour>;

export function endpointKey(address: string, port: number): string {
  return `${address}:${port}`;
}
