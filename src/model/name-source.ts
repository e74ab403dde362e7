/** Where the names of containers come from: their own metadata, or the registries of their ECS service. */
export const NAME_SOURCES = ['metadata', 'registries'] as const;
export type NameSource = (typeof NAME_SOURCES)[number];
