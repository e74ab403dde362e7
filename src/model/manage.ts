/**
 * Which record sets are ours to change.
 *
 * | kind       | managed                                                                             |
 * |------------|-------------------------------------------------------------------------------------|
 * | convention | weighted SRV sets identified as `HOST:DOCKER_ID`, and the agents' A sets of hosts    |
 * | zone       | every SRV set below the apex, and the agents' A sets of hosts                        |
 * | patterns   | what `zone` manages, of the names that match a pattern (relative to the zone, `*`)   |
 */
export type Manage =
  | { readonly kind: 'convention' }
  | { readonly kind: 'zone' }
  | { readonly kind: 'patterns'; readonly patterns: readonly string[] };
