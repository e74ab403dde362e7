/**
 * | by             | the name has                                                                       |
 * |----------------|------------------------------------------------------------------------------------|
 * | cname          | a CNAME to the name that EC2 gives the host                                        |
 * | cname-to-set   | a CNAME to the name of the A set that the agent of the host writes                 |
 * | alias          | an alias to the same                                                               |
 * | chain          | an alias to a name that has a plain A record of the host's address                 |
 * | wildcard       | nothing of its own: the wildcard of its domain has the host's address              |
 * | wildcard-cname | nothing of its own: the wildcard of its domain is a CNAME to the name of EC2       |
 */
export interface OnwardSpec {
  readonly by: 'cname' | 'cname-to-set' | 'alias' | 'chain' | 'wildcard' | 'wildcard-cname';
  /** The name, in the zone. */
  readonly label: string;
  /** Whether the identifiers of its sets have that name, too, in place of the host's. */
  readonly isIdentified: boolean;
}
