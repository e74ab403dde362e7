/** An error that AWS itself would answer with: its code, HTTP status and text, in the caller's protocol. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** The single messages of a rejected Route 53 batch; empty for every other error. */
  readonly messages: readonly string[];

  constructor(code: string, message: string, status = 400, messages: readonly string[] = []) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.messages = messages;
  }
}
