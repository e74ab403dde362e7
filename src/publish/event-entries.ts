import type { PublishedEvent } from './event-schema.ts';

/** An entry of a PutEvents request, in EventBridge's own field names; `Detail` is JSON. */
export type EventEntry = Readonly<
  Record<'EventBusName' | 'Source' | 'DetailType' | 'Detail', string> & {
    Time: Date;
    Resources?: string[];
  }
>;

/** Source: EventBridge API Reference, "PutEvents". */
export const MAX_ENTRIES = 10;
/** All entries of a request together have to be less than 256 KB. Source: the same. */
export const MAX_BYTES = 256 * 1024 - 1;
const TIME_BYTES = 14;

/** How large EventBridge takes an entry to be. Source: its User Guide, "Calculating PutEvents event entry size". */
export function entryBytes({ Source, DetailType, Detail, Resources = [] }: EventEntry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), TIME_BYTES);
}

/** The entry of an event, shortened where it has to be; `undefined` when even then it is too large. */
export function entryOf(bus: string, event: PublishedEvent): EventEntry | undefined {
  return [event, shortened(event)]
    .map((one) => newEntry(bus, one))
    .find((entry) => entryBytes(entry) <= MAX_BYTES);
}

function newEntry(
  EventBusName: string,
  { source: Source, 'detail-type': DetailType, detail }: PublishedEvent,
): EventEntry {
  const Detail = JSON.stringify(detail);
  const hosts = new Set(detail.values.flatMap(({ host }) => host ?? []));
  const resources = hosts.size === 0 ? {} : { Resources: [...hosts] };
  return { EventBusName, Source, DetailType, Detail, Time: new Date(detail.time), ...resources };
}

/** What changed, and no more: where values lead and what the set was else can be found out in other ways. */
function shortened(event: PublishedEvent): PublishedEvent {
  const values = event.detail.values.map(({ value }) => ({ value }));
  const other = { replaces: undefined, replacedBy: undefined };
  return { ...event, detail: { ...event.detail, ...other, values, shortened: true } };
}

/** Requests as full as the limits allow, in the order of the entries. */
export function packEntries(entries: readonly EventEntry[]): readonly (readonly EventEntry[])[] {
  const batches: EventEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    const size = entryBytes(entry);
    if (last === undefined || last.length === MAX_ENTRIES || bytes + size > MAX_BYTES) {
      batches.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return batches;
}
