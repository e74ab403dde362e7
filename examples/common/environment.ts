import process from 'node:process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that cannot be used; the message is for the operator, on one line. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/** A variable that has to be there. */
export function required(env: Environment, name: string): string {
  const value = env[name] ?? '';
  if (value === '') throw new EnvironmentError(`${name} is not set`);
  return value;
}

/** A whole number in a range; what is empty counts as not set. */
export function wholeNumber(
  env: Environment,
  name: string,
  { byDefault, most }: { readonly byDefault: number; readonly most: number },
): number {
  const text = env[name] ?? '';
  if (text === '') return byDefault;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= most) return value;
  throw new EnvironmentError(
    `${name}: ${JSON.stringify(text)} is not valid; write a whole number from 0 to ${most}`,
  );
}

/** Starts a program; where its environment is at fault the process ends with 2, and anything else with 1. */
export async function start(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${detail.replaceAll(/\s+/g, ' ')}\n`);
    process.exitCode = error instanceof EnvironmentError ? 2 : 1;
  }
}
