/** A message as a topic has taken it. */
export interface PublishedMessage {
  readonly subject: string | undefined;
  /** What each protocol is sent, by its name; all others get `default`. */
  readonly byProtocol: Readonly<Record<string, unknown>>;
  /** Their values, by name. */
  readonly attributes: Readonly<Record<string, string>>;
}
