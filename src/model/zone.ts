/** The hosted zone of a run. `name` as Route 53 prints it, with its trailing dot; `id` without `/hostedzone/`. */
export interface Zone {
  readonly id: string;
  readonly name: string;
}

/** A VPC that a private zone is associated with. */
export interface ZoneVpc {
  readonly id: string;
  readonly region: string;
}

/** How the user names the hosted zone: by its id (without `/hostedzone/`) or by its exact, normalised name. */
export type ZoneSelector =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'name'; readonly name: string };
