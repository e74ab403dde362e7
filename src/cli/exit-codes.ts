/**
 * The exit codes of every command; plan's follow Terraform's.
 *
 * | code | meaning                                                           |
 * |------|-------------------------------------------------------------------|
 * | 0    | done                                                              |
 * | 1    | error: nothing could be read, or nothing was done                 |
 * | 2    | `plan`, `compare` with `--detailed-exitcode`: there are changes     |
 * | 3    | `apply`, `restore`: some changes failed or were in conflict       |
 */
export const EXIT = { done: 0, error: 1, changes: 2, partial: 3 } as const;
