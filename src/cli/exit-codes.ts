/** The exit codes of every command; plan's follow Terraform's, and the README says what each means. */
export const EXIT = { done: 0, error: 1, changes: 2, partial: 3 } as const;
