import { LOG_RECORDS } from '../../src/log/log-records.ts';
import { COMMON_FIELDS, LAMBDA_FIELDS } from '../../src/log/record-fields.ts';

type Fields = Readonly<Record<string, string>>;

/** The tables of `docs/logs.md`: what every record has, and what each of them has besides. */
export function logSections(): Readonly<Record<'common' | 'function' | 'records', string>> {
  const head = '| Record | Level | Written by | Field | Meaning |\n| --- | --- | --- | --- | --- |';
  return {
    common: fieldTable(COMMON_FIELDS),
    function: fieldTable(LAMBDA_FIELDS),
    records: [head, ...groups().flatMap(rowsOf)].join('\n'),
  };
}

function fieldTable(fields: Fields): string {
  const rows = Object.entries(fields).map(([field, help]) => `| \`${field}\` | ${help} |`);
  return ['| Field | Meaning |', '| --- | --- |', ...rows].join('\n');
}

interface Group {
  readonly messages: readonly (keyof typeof LOG_RECORDS)[];
  readonly fields: Fields;
}

/** Records that share their fields stand once. */
function groups(): readonly Group[] {
  const bySet = new Map<Fields, (keyof typeof LOG_RECORDS)[]>();
  for (const message of Object.keys(LOG_RECORDS) as (keyof typeof LOG_RECORDS)[]) {
    const { fields } = LOG_RECORDS[message];
    bySet.set(fields, [...(bySet.get(fields) ?? []), message]);
  }
  return [...bySet].map(([fields, messages]) => ({ fields, messages }));
}

const DOORS = { process: 'commands', lambda: 'Lambda' } as const;

function rowsOf({ messages, fields }: Group): readonly string[] {
  const cellOf = (tell: (message: keyof typeof LOG_RECORDS) => string) =>
    [...new Set(messages.map(tell))].join(', ');
  const head = [
    cellOf((message) => `\`${message}\``),
    messages
      .map((message) => LOG_RECORDS[message].level.toUpperCase())
      .filter((one, i, all) => all.indexOf(one) === i)
      .join(', '),
    cellOf((message) => LOG_RECORDS[message].by.map((door) => DOORS[door]).join(', ')),
  ];
  const entries = Object.entries(fields);
  if (entries.length === 0) return [`| ${[...head, '–', '–'].join(' | ')} |`];
  return entries.map(
    ([field, help], i) => `| ${[...(i === 0 ? head : ['', '', '']), `\`${field}\``, help].join(' | ')} |`,
  );
}
