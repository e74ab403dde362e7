import { normalizeName } from './dns-name.ts';
import { nameKey, type RecordSet } from './record-set.ts';

/** The names and types of which Route 53 lets nothing be changed, by `nameKey`, each with its owner's comment. */
export type Protections = ReadonlyMap<string, string>;

export const NO_PROTECTIONS: Protections = new Map();

/** What is said of a set that is protected; `undefined` for one that is not. */
export function protectionOf(
  { Name, Type }: Pick<RecordSet, 'Name' | 'Type'>,
  protections: Protections,
): string | undefined {
  const comment = protections.get(nameKey(normalizeName(Name), Type));
  if (comment === undefined) return undefined;
  return `Route 53 protects ${Name} ${Type} from changes${comment === '' ? '' : `: ${comment}`}`;
}
