/** Why a run cannot go on; stable codes. */
export type RunErrorCode =
  | 'zone-not-found'
  | 'zone-ambiguous'
  | 'zone-linked'
  | 'zone-unreadable'
  | 'cluster-not-found'
  | 'entry-not-found'
  | 'credentials'
  | 'region'
  | 'endpoint'
  | 'access-denied'
  | 'aws'
  | 'journal'
  | 'plan-file'
  | 'timeout'
  | 'usage'
  | 'host'
  | 'engine';

/** A run that ends before anything is changed. The message is one line and says what to do about it. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: RunErrorCode;

  constructor(code: RunErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
