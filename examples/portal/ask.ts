import { codeOf, hasNone, hostOf } from '../common/resolver.ts';
import { CONTAINER_HEADER } from '../common/serve.ts';
import type { Discovery, Place } from './discovery.ts';

/** What came of a question to a service. */
export type Outcome =
  | {
      readonly kind: 'answered';
      readonly text: string;
      readonly by: Answerer;
      readonly missed: readonly Place[];
    }
  | {
      readonly kind: 'refused';
      readonly text: string;
      readonly by: Answerer;
      readonly missed: readonly Place[];
    }
  | { readonly kind: 'unanswered'; readonly detail: string; readonly missed: readonly Place[] };

export interface Answerer extends Place {
  readonly container: string;
}

const TIMEOUT_MS = 2_000;
const MAX_TRIES = 5;
const MAX_TEXT = 1_000;

/** Asks one of the containers of a service, and the next one where it does not answer or fails. */
export async function ask(
  discovery: Discovery,
  name: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const missed: Place[] = [];
  try {
    for await (const place of discovery.places(name)) {
      const answer = await askAt(place, path, headers).catch(() => undefined);
      if (answer !== undefined) return { ...answer, missed };
      missed.push(place);
      if (missed.length === MAX_TRIES) break;
    }
  } catch (error) {
    return { kind: 'unanswered', detail: faultOf(error, name), missed };
  }
  const tried = missed.length === 1 ? 'the one container' : `none of ${missed.length} containers`;
  const detail = missed.length === 1 ? `${tried} that was tried does not answer` : `${tried} answers`;
  return { kind: 'unanswered', detail, missed };
}

/** What was wrong with DNS. */
export function faultOf(error: unknown, name: string): string {
  return hasNone(error) ? `DNS has no record of ${name}` : `DNS does not answer (${codeOf(error)})`;
}

/** `undefined` where the container is not well: another one may be. */
async function askAt(place: Place, path: string, headers: Readonly<Record<string, string>>) {
  const response = await fetch(`http://${hostOf(place.address)}:${place.port}${path}`, {
    headers,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = (await response.text()).trim().slice(0, MAX_TEXT);
  if (response.status >= 500) return undefined;
  const container = response.headers.get(CONTAINER_HEADER) ?? 'unnamed';
  const kind = response.ok ? ('answered' as const) : ('refused' as const);
  return { kind, text, by: { ...place, container } };
}
