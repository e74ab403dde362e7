/** The options of `client.send` for a call that may be aborted. */
export function sendOptions(abortSignal: AbortSignal | undefined): { readonly abortSignal?: AbortSignal } {
  return abortSignal === undefined ? {} : { abortSignal };
}
