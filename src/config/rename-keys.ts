type Renamed<T, N> = { [K in keyof T as K extends keyof N ? N[K] & string : K]: Exclude<T[K], undefined> };

/** The same values, some of them under other names; what is `undefined` is left out. */
export function renameKeys<T extends object, const N extends { readonly [K in keyof T]?: string }>(
  values: T,
  names: N,
): Renamed<T, N> {
  const nameOf = new Map<string, unknown>(Object.entries(names));
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const entries = given.map(([key, value]) => [nameOf.get(key) ?? key, value]);
  return Object.fromEntries(entries) as Renamed<T, N>;
}
