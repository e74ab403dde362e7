/** `service:Operation`, as IAM names it, of a command of the SDK. */
export function operationName(service: string, commandName: string | undefined): string {
  return `${service}:${(commandName ?? 'Unknown').replace(/Command$/, '')}`;
}
