import type { z } from 'zod';
import type { settingsSchema } from './settings-schema.ts';

type Immutable<T> = T extends readonly unknown[] | object ? { readonly [K in keyof T]: Immutable<T[K]> } : T;

/**
 * The settings of a run, complete and checked: what the schema makes of a config file. Durations are in
 * milliseconds and say so (`timeoutMs`), TTLs in seconds; what is not set is `undefined`.
 */
export type Settings = Immutable<z.output<typeof settingsSchema>>;

/** Settings as a config file writes them. */
export type SettingsInput = Immutable<z.input<typeof settingsSchema>>;
