type Tree = Record<string, unknown>;

/** Builds the nested mapping that paths and their values describe; of one path the last value stays. */
export function buildTree(
  values: Iterable<readonly [path: readonly string[], value: unknown]>,
): Readonly<Tree> {
  const root: Tree = {};
  const branches = new Map<string, Tree>([['', root]]);
  for (const [path, value] of values) {
    branchAt(path.slice(0, -1), branches)[path.at(-1) ?? ''] = value;
  }
  return root;
}

function branchAt(path: readonly string[], branches: Map<string, Tree>): Tree {
  const name = path.join('.');
  const existing = branches.get(name);
  if (existing !== undefined) return existing;
  const branch: Tree = {};
  branches.set(name, branch);
  branchAt(path.slice(0, -1), branches)[path.at(-1) ?? ''] = branch;
  return branch;
}
