import { printable } from '../model/printable.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Docker splits a longer line (16 KiB), and what reads it takes its parts for two. A rest is left for what every line has. */
export const MAX_FIELD_BYTES = 15_500;
/** What telling of the cuts takes. */
const CUT_BYTES = 300;

/**
 * Fields whose line is not too long. Of the largest ones a part is left out, and `cut` says of each how much: so many
 * items of a list, characters of a text, or bytes of anything else, which goes as a whole.
 */
export function fitFields(fields: Fields, maxBytes: number): Fields {
  const sizes = Object.entries(fields)
    .map(([name, value]) => ({ name, value, bytes: bytesOf({ [name]: value }) }))
    .toSorted((a, b) => b.bytes - a.bytes);
  let excess = sizes.reduce((sum, { bytes }) => sum + bytes, 0) - maxBytes;
  if (excess <= 0) return fields;
  excess += CUT_BYTES;
  const fitted: Record<string, unknown> = { ...fields };
  const cut: Record<string, number> = {};
  for (const { name, value, bytes } of sizes) {
    if (excess <= 0) break;
    const [kept, leftOut] = shorten(value, Math.max(0, bytes - excess - bytesOf({ [name]: '' })));
    fitted[name] = kept;
    cut[name] = leftOut;
    excess -= bytes - bytesOf({ [name]: kept });
  }
  return { ...fitted, cut };
}

/** The first part of a value that is within the bytes, and how much of it is left out. */
function shorten(value: unknown, maxBytes: number): readonly [kept: unknown, leftOut: number] {
  if (typeof value === 'string') {
    const characters = Array.from(value);
    const kept = prefixWithin(characters, maxBytes);
    return [kept.join(''), characters.length - kept.length];
  }
  if (!Array.isArray(value)) return [undefined, bytesOf(value)];
  const kept = prefixWithin(value, maxBytes);
  return [kept, value.length - kept.length];
}

function prefixWithin<T>(items: readonly T[], maxBytes: number): readonly T[] {
  let bytes = 0;
  const end = items.findIndex((item) => {
    bytes += bytesOf(item) + 1;
    return bytes > maxBytes;
  });
  return end < 0 ? items : items.slice(0, end);
}

/** As a line has it, where what does not print is an escape. */
function bytesOf(value: unknown): number {
  return Buffer.byteLength(printable(JSON.stringify(value) ?? ''));
}
