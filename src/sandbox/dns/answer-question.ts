import { type RecordSet, valuesOf } from '../../model/record-set.ts';
import { storedName } from '../world/record-name.ts';
import { type Chance, chooseSets, shuffled } from './choose-sets.ts';
import { type Found, findName } from './find-name.ts';
import type { NameView, ZoneView } from './name-view.ts';

/** What is asked; the name in any case, with Route 53's escapes. */
export interface Question {
  readonly name: string;
  /** `ANY` asks for all types. */
  readonly type: string;
}

/** One record, its value as text in Route 53's form. */
export interface DnsRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly value: string;
}

export interface Answer {
  readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'REFUSED';
  /** Whether a zone of the view has answered, and no server that it names. */
  readonly authoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
  readonly additionals: readonly DnsRecord[];
}

const NOTHING: Answer = {
  rcode: 'NOERROR',
  authoritative: false,
  answers: [],
  authorities: [],
  additionals: [],
};

const ADDRESS_TYPES = ['A', 'AAAA'];

/** How many CNAMEs and aliases are followed for one question. */
const MAX_STEPS = 16;

interface Asking {
  readonly question: Question;
  readonly chance: Chance;
  /** How many more CNAMEs and aliases may be followed, of all branches together. */
  readonly steps: { left: number };
}

/**
 * What the sandbox's zones, hosts and load balancers have for a question; the records in no order that says anything.
 * A name that nothing here answers for is `REFUSED`, at the end of a CNAME it is left to the client.
 */
export function answerQuestion(view: NameView, question: Question, chance: Chance): Answer {
  const answer = answerName(view, { question, chance, steps: { left: MAX_STEPS } });
  const targets = new Set(answer.answers.flatMap(targetOfSrv));
  const addresses = [...targets].flatMap((name) =>
    ADDRESS_TYPES.flatMap((type) => addressesOf(view, { name, type }, chance)),
  );
  return { ...answer, additionals: [...answer.additionals, ...addresses] };
}

function answerName(view: NameView, asking: Asking): Answer {
  const stored = storedName(asking.question.name);
  const zone = view.zoneOf(stored);
  if (zone === undefined) return answerOfAws(view, asking.question);
  const found = findName(zone, stored);
  if (found.kind === 'delegated') return referral(zone, found);
  if (found.kind === 'no-such-name') return negative(zone, 'NXDOMAIN');
  return answerOfSets(view, zone, found.sets, asking);
}

/** What a name leads to that a record has named. */
function next(view: NameView, asking: Asking, name: string, type: string): Answer {
  if (asking.steps.left === 0) return { ...NOTHING, rcode: 'REFUSED' };
  asking.steps.left--;
  return answerName(view, { ...asking, question: { name, type } });
}

function answerOfSets(view: NameView, zone: ZoneView, sets: readonly RecordSet[], asking: Asking): Answer {
  const { question, chance } = asking;
  const ofType = (type: string) =>
    chooseSets(
      sets.filter(({ Type }) => Type === type),
      view.region,
      chance,
    );
  const types = question.type === 'ANY' ? [...new Set(sets.map(({ Type }) => Type))] : [question.type];
  const answers = types.flatMap((type) => ofType(type).flatMap((set) => recordsOf(view, set, asking)));
  if (answers.length > 0) return { ...NOTHING, authoritative: true, answers: shuffled(answers, chance) };
  const [alias] = ofType('CNAME').flatMap((set) => recordsOf(view, set, asking));
  return alias === undefined ? negative(zone, 'NOERROR') : followed(view, alias, asking);
}

/** The CNAME, and what its target answers. */
function followed(view: NameView, alias: DnsRecord, asking: Asking): Answer {
  const own = { ...NOTHING, authoritative: true, answers: [alias] };
  const rest = next(view, asking, alias.value, asking.question.type);
  return rest.rcode === 'REFUSED' ? own : { ...rest, authoritative: true, answers: [alias, ...rest.answers] };
}

/** The records of a set under the name that was asked for; those of its target for an alias. */
function recordsOf(view: NameView, set: RecordSet, asking: Asking): readonly DnsRecord[] {
  const { name } = asking.question;
  const { AliasTarget, Type: type } = set;
  if (AliasTarget === undefined) return recordsUnder(name, set);
  if (AliasTarget.DNSName === undefined) return [];
  const target = next(view, asking, AliasTarget.DNSName, type);
  return target.answers.filter((record) => record.type === type).map((record) => ({ ...record, name }));
}

/** AWS's own TTL for the names of hosts and load balancers. */
const AWS_TTL_SECONDS = 60;

function answerOfAws(view: NameView, { name, type }: Question): Answer {
  const known = view.awsName(storedName(name));
  if (known === undefined) return { ...NOTHING, rcode: 'REFUSED' };
  if (!known.exists) return { ...NOTHING, rcode: 'NXDOMAIN' };
  const records = known.addresses.map((value) => ({
    name,
    type: value.includes(':') ? 'AAAA' : 'A',
    ttl: AWS_TTL_SECONDS,
    value,
  }));
  return { ...NOTHING, answers: records.filter((record) => type === 'ANY' || record.type === type) };
}

/** The name servers, and the addresses that the zone itself has of them. */
function referral(zone: ZoneView, { at, sets }: Extract<Found, { kind: 'delegated' }>): Answer {
  const authorities = sets.flatMap((set) => recordsUnder(at, set));
  const additionals = authorities.flatMap(({ value: name }) =>
    zone
      .setsAt(storedName(name))
      .filter(({ Type }) => ADDRESS_TYPES.includes(Type))
      .flatMap((set) => recordsUnder(name, set)),
  );
  return { ...NOTHING, authorities, additionals };
}

function recordsUnder(name: string, set: RecordSet): readonly DnsRecord[] {
  return valuesOf(set).map((value) => ({ name, type: set.Type, ttl: set.TTL ?? 0, value }));
}

/** No such name, or no such type: with the zone's SOA, whose TTL says how long that may be kept. Source: RFC 2308. */
function negative(zone: ZoneView, rcode: 'NOERROR' | 'NXDOMAIN'): Answer {
  const authorities = zone
    .setsAt(zone.name)
    .filter(({ Type }) => Type === 'SOA')
    .flatMap((set) => recordsUnder(zone.name, set))
    .map((soa) => ({ ...soa, ttl: Math.min(soa.ttl, minimumOf(soa.value)) }));
  return { ...NOTHING, rcode, authoritative: true, authorities };
}

function minimumOf(soa: string): number {
  return Number(soa.trim().split(/\s+/)[6] ?? 0);
}

function addressesOf(view: NameView, question: Question, chance: Chance): readonly DnsRecord[] {
  return answerName(view, { question, chance, steps: { left: 0 } }).answers.filter(
    ({ type }) => type === question.type,
  );
}

function targetOfSrv({ type, value }: DnsRecord): readonly string[] {
  return type === 'SRV' ? [value.trim().split(/\s+/)[3] ?? '.'] : [];
}
