import { inBatches } from '../../model/in-batches.ts';
import type { Ec2Access } from './access.ts';
import { EC2_FILTER_SIZE } from './ec2-api.ts';
import { type Page, readPages } from './read-pages.ts';
import { batchScope, unreadScope } from './unread.ts';

/** What EC2 was asked for: the kind names the values where they could not be read. */
interface Question<T> {
  readonly kind: string;
  readonly operation: 'ec2:DescribeInstances' | 'ec2:DescribeNetworkInterfaces' | 'ec2:DescribeVpcs';
  readonly values: readonly string[];
  readonly readPage: (batch: readonly string[], token: string | undefined) => Promise<Page<T>>;
}

/** Of so few values hardly more than one page is found, though EC2 may give it in pieces. */
const MAX_PAGES = 200;

/** Asks EC2 in as few calls as its filter allows; `unasked` tells by value what could not be read to its end. */
export async function askEc2<T>(
  { ec2Limit, signal }: Ec2Access,
  { kind, operation, values, readPage }: Question<T>,
) {
  const parts = await Promise.all(
    inBatches(values, EC2_FILTER_SIZE).map(async (batch) => {
      const { items, error } = await readPages(
        (token) => ec2Limit(() => readPage(batch, token)),
        signal,
        undefined,
        MAX_PAGES,
      );
      const failed = error === undefined ? [] : [unreadScope(batchScope(kind, batch), operation, error)];
      return { batch, items, failed, errors: error === undefined ? [] : [error] };
    }),
  );
  const unasked = parts.flatMap(({ batch, failed }) =>
    failed.flatMap((scope) => batch.map((value) => [value, scope] as const)),
  );
  return {
    items: parts.flatMap(({ items }) => items),
    unasked: new Map(unasked),
    incomplete: parts.flatMap(({ failed }) => failed),
    errors: parts.flatMap(({ errors }) => errors),
  };
}
