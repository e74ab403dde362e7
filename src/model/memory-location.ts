/** Where failures are remembered from run to run. */
export type MemoryLocation =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'dynamodb'; readonly table: string; readonly key: string };
