import { AwsError } from '../error-answer.ts';
import { textOf } from '../wire/json.ts';
import type { HostedZone } from '../world/hosted-zone.ts';
import type { World } from '../world/world.ts';

export function invalidInput(message: string): AwsError {
  return new AwsError('InvalidInput', message);
}

/** One error for all that is wrong with a batch; the text is the list Route 53 writes. */
export function invalidChangeBatch(messages: readonly string[]): AwsError {
  return new AwsError('InvalidChangeBatch', `[${messages.join(', ')}]`, 400, messages);
}

/** The zone with an id, with or without `/hostedzone/` before it. */
export function requestedZone(world: World, id: unknown): HostedZone {
  const bare = bareZoneId(textOf(id));
  const zone = world.hostedZones.get(bare);
  if (zone === undefined)
    throw new AwsError('NoSuchHostedZone', `No hosted zone found with ID: ${bare}`, 404);
  return zone;
}

export function bareZoneId(id: string): string {
  return id.replace(/^\/?hostedzone\//, '');
}

/** `MaxItems` as a number from 1 on, cut to what one page can hold. */
export function pageSize(value: unknown, most: number): number {
  if (value === undefined) return most;
  const size = Number(textOf(value));
  if (!/^\d+$/.test(textOf(value)) || size < 1)
    throw invalidInput(
      `Value '${textOf(value)}' at 'maxItems' failed to satisfy constraint: Member must be a number from 1 on`,
    );
  return Math.min(size, most);
}
