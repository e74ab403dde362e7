import type { Environment } from '../config/read-texts.ts';
import { problemAt, SettingsError, showValue } from '../config/settings-error.ts';
import type { RunMode } from '../report/report-schema.ts';
import { InvocationError } from './invocation-error.ts';

const MODE_VARIABLE = 'ECS_DNS_MODE';

/** What the function may do at the most, and the variables that are left for the settings. */
export interface FunctionMode {
  readonly mode: RunMode;
  readonly env: Environment;
}

/**
 * Takes the function's mode out of its variables: `plan` where `ECS_DNS_MODE` says so, else `apply`. It is no setting,
 * since a command line says by its command what it does. Throws a `SettingsError` for any other value.
 */
export function functionMode({ [MODE_VARIABLE]: mode = 'apply', ...env }: Environment): FunctionMode {
  if (mode === 'plan' || mode === 'apply') return { mode, env };
  throw new SettingsError([
    problemAt(
      { kind: 'variable', name: MODE_VARIABLE },
      { value: showValue(mode), fault: 'is not valid', remedy: 'use plan or apply' },
    ),
  ]);
}

/**
 * The mode of one invocation: that which its event asks for, else that of the function. Throws an `InvocationError` where
 * a function that only plans is asked to apply.
 */
export function invocationMode(asked: RunMode | undefined, mode: RunMode): RunMode {
  if (asked !== 'apply' || mode === 'apply') return asked ?? mode;
  throw new InvocationError(
    'only-plans',
    `the event asks for a run that applies, and ${MODE_VARIABLE} is plan: deploy the function with the mode apply first`,
  );
}
