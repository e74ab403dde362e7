import type { Settings } from '../config/settings.ts';
import type { Call } from './call.ts';
import type { CommandName } from './setting-uses.ts';

/** An option that is no setting. */
export interface OwnOption {
  /** Such as `--grace <duration>`; a value in angle brackets has to be given. */
  readonly flags: string;
  readonly description: string;
  readonly byDefault?: string;
  /** Throws a `RunError` for a value that cannot be right; loads what it needs. */
  readonly check?: (text: string) => unknown;
}

/** What commands are for, in the order of the help. */
export const COMMAND_GROUPS = ['Look, and change nothing', 'Change the zone', 'Set up', 'Try out'] as const;

/** One command: what the help says of it, and what it does. */
export interface CommandSpec {
  readonly name: CommandName | 'sandbox';
  readonly group: (typeof COMMAND_GROUPS)[number];
  /** Its line in the list of commands. */
  readonly summary: string;
  readonly description: string;
  /** What follows `ecs-dns`, each with what it does. */
  readonly examples: readonly (readonly [args: string, meaning: string])[];
  /** The one argument; `description` can follow "give". */
  readonly argument?: { readonly name: string; readonly description: string };
  readonly options: readonly OwnOption[];
  /** Which forms of `--output` it prints in addition to text and JSON. */
  readonly outputs?: readonly Settings['output'][];
  /** Where the zone comes from that no source names; without it one has to be set. */
  readonly zone?: string;
  /** The policy unless a flag names one; without it that of the settings. */
  readonly policy?: Settings['policy'];
  /** The codes it ends with, and when. */
  readonly exitCodes: Readonly<Record<number, string>>;
  /** What only one command needs is loaded on demand, and makes no other command slower. */
  readonly run: (call: Call) => Promise<number>;
}

/** Takes the place of a level of the log, on every command. */
export const QUIET: OwnOption = {
  flags: '--quiet',
  description: 'tell only what is wrong: short for --log-level warn',
};

/** The forms of `--output` that a command prints. */
export function outputsOf({ outputs = [] }: CommandSpec): readonly Settings['output'][] {
  return ['text', 'json', ...outputs];
}

/** A list as a sentence has it. */
export function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
