/**
 * Which record sets are ours to change. Those that this worker made, told by their identifiers, always are; of
 * the others:
 *
 * | kind       | managed                                                                             |
 * |------------|-------------------------------------------------------------------------------------|
 * | convention | weighted SRV sets identified as `HOST:DOCKER_ID` or, by older agents, `DOCKER_ID`;  |
 * |            | the agents' A sets of hosts, and the label agent's A sets                           |
 * | zone       | every SRV set below the apex, and the same A sets                                    |
 * | patterns   | what `zone` manages, of the names that match a pattern (relative to the zone, `*`);  |
 * |            | and so of the sets that this worker made                                             |
 * | host       | what `convention` manages, of the sets that are identified by one host (normalised); |
 * |            | its address set may have any name                                                    |
 */
export type Manage =
  | { readonly kind: 'convention' }
  | { readonly kind: 'zone' }
  | { readonly kind: 'patterns'; readonly patterns: readonly string[] }
  | { readonly kind: 'host'; readonly host: string };
