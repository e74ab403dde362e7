/** Pairs what stands at the same place of two lists; what the longer one has more of is left out. */
export function zip<A, B extends object>(
  left: readonly A[],
  right: readonly B[],
): readonly (readonly [A, B])[] {
  return left.flatMap((one, index) => {
    const other = right[index];
    return other === undefined ? [] : [[one, other] as const];
  });
}
