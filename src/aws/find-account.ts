/** What credentials tell of themselves, as far as it matters here. */
interface Identity {
  readonly accountId?: string | undefined;
}

const METADATA_LIMIT_MS = 1_000;

/**
 * The account whose credentials the process has: as `AWS_ACCOUNT_ID` says, as the credentials do, or that of the ECS task
 * whose role they are of. `undefined` where none of them tells. AWS itself is not asked.
 * Source: Amazon ECS Developer Guide, "Amazon ECS task metadata endpoint version 4".
 */
export async function findAccount(
  env: NodeJS.ProcessEnv,
  credentials: () => Promise<Identity>,
): Promise<string | undefined> {
  const given = env['AWS_ACCOUNT_ID'];
  if (given) return given;
  const { accountId } = await credentials().catch((): Identity => ({}));
  return accountId ?? (await accountOfTask(env));
}

/** A role of a task is of the task's own account; other credentials need not be. */
async function accountOfTask(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const metadata = env['ECS_CONTAINER_METADATA_URI_V4'];
  const isRoleOfTask = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'] && !env['AWS_ACCESS_KEY_ID'];
  if (!metadata || !isRoleOfTask || env['AWS_PROFILE']) return undefined;
  try {
    const response = await fetch(`${metadata}/task`, { signal: AbortSignal.timeout(METADATA_LIMIT_MS) });
    const arn = String(Reflect.get(Object(await response.json()), 'TaskARN'));
    return /^arn:[a-z-]+:ecs:[a-z0-9-]+:(\d{12}):/.exec(arn)?.[1];
  } catch {
    return undefined;
  }
}
