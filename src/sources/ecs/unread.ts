import { describeError } from '../../aws/aws-error.ts';
import type { IncompleteScope } from '../../model/inventory.ts';

/** What a call that failed has left unread; hosts or containers may be in it unless `hides` says otherwise. */
export function unreadScope(
  scope: string,
  operation: string,
  error: unknown,
  hides: IncompleteScope['hides'] = 'endpoints',
): IncompleteScope {
  return { scope, operation, error: describeError(error), hides };
}

/** Names the members of a batch, such as `hosts/ip-10-0-0-1.ec2.internal and 3 more`. */
export function batchScope(kind: string, members: readonly string[]): string {
  return `${kind}/${members[0]}${members.length > 1 ? ` and ${members.length - 1} more` : ''}`;
}
