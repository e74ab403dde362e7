import { durationText } from '../model/duration.ts';
import type { QuotaUse } from '../model/quota.ts';
import { type Content, html } from '../report/html/html.ts';
import { dataTable, pageSection } from '../report/html/html-page.ts';

const COLUMNS = [
  { title: 'Quota' },
  ...['AWS documents', 'Taken to be granted', 'Left now', 'Rejected', 'Had to wait', 'Wait now'].map(
    (title) => ({
      title,
      kind: 'number' as const,
    }),
  ),
];

const LEAD =
  'Requests are kept within what AWS documents, and within less once AWS rejects some: then the rate goes down, and comes back slowly. A request counts in each quota that it draws on.';

/** What the clients know of AWS's quotas: the rate that is granted, and the requests that were rejected or had to wait. */
export function quotasSection(quotas: readonly QuotaUse[]): Content {
  if (quotas.length === 0) return undefined;
  const body = dataTable('AWS quotas', COLUMNS, quotas.map(quotaCells));
  return pageSection({ id: 'quotas', title: 'AWS quotas', lead: LEAD, body });
}

function quotaCells(quota: QuotaUse): readonly Content[] {
  const { bucket, documented, burst, perSecond, left, rejected, waited, waitedMs, waiting } = quota;
  const name = html`<span class="mono">${bucket}</span>${bucket.includes(':') ? undefined : SHARED[bucket]}`;
  const said = documented.isGuess === true ? 'not documented' : rateText(documented);
  const waits = waited === 0 ? '0' : `${waited}, in all ${durationText(waitedMs)}`;
  return [name, said, rateText({ burst, perSecond }), Math.floor(left), rejected, waits, waiting];
}

/** Buckets of more than one operation. */
const SHARED: Readonly<Record<string, string>> = {
  route53: ', all operations',
  'route53 changes': ' of record sets',
  elbv2: ', all operations',
  elb: ', all operations',
};

function rateText({ burst, perSecond }: Pick<QuotaUse, 'burst' | 'perSecond'>): string {
  return `${oneDecimal(perSecond)}/s, ${Math.floor(burst)} at once`;
}

function oneDecimal(number: number): string {
  return String(Math.round(number * 10) / 10);
}
