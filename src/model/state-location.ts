/** Where the state of runs is kept. */
export type StateLocation =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'dynamodb'; readonly table: string; readonly key: string };
