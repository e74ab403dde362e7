/** Where removals are written down. `default` is a directory that the environment names. */
export type JournalLocation =
  | { readonly kind: 'none' }
  | { readonly kind: 'default' }
  | { readonly kind: 'stderr' }
  | { readonly kind: 'directory'; readonly path: string };
