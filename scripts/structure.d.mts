/** A folder or single file of `src/`, and what it may import. */
export interface Layer {
  readonly name: string;
  readonly purpose: string;
  readonly imports: readonly string[];
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

/** Each file of a source tree with the files of the tree that it imports. */
export type Imports = ReadonlyMap<string, readonly string[]>;

export const LAYERS: readonly Layer[];
export const STAGES: readonly { readonly name: string; readonly purpose: string }[];
export function readImports(root: string): Imports;
export function problemsOf(imports: Imports): readonly string[];
export function structureSections(imports: Imports): Readonly<Record<string, string>>;
export function lintRules(): string;
