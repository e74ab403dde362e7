import {
  ListNamespacesCommand,
  ListServicesCommand,
  type NamespaceSummary,
  type ServiceDiscoveryClient,
  type ServiceSummary,
} from '@aws-sdk/client-servicediscovery';
import { sendOptions } from '../../aws/send-options.ts';
import { requiredList } from '../../aws/unreadable-answer.ts';
import type { Page } from './read-pages.ts';

/** The largest page of both listings. Source: Cloud Map API Reference, "ListServices". */
const PAGE_SIZE = 100;

/** What the inventory needs of Cloud Map: one request a call, no paging. */
export interface CloudMapApi {
  namespaces(token: string | undefined, signal: AbortSignal | undefined): Promise<Page<NamespaceSummary>>;
  /** The services of a namespace. */
  services(
    namespaceId: string | undefined,
    token: string | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Page<ServiceSummary>>;
}

/** Cloud Map through the SDK. */
export function cloudMapApi(client: ServiceDiscoveryClient): CloudMapApi {
  const paging = (token: string | undefined) => ({ MaxResults: PAGE_SIZE, NextToken: token });
  return {
    async namespaces(token, signal) {
      const answer = await client.send(new ListNamespacesCommand(paging(token)), sendOptions(signal));
      return { items: requiredList(answer.Namespaces, 'Namespaces'), nextToken: answer.NextToken };
    },
    async services(namespaceId, token, signal) {
      const Filters =
        namespaceId === undefined ? undefined : [{ Name: 'NAMESPACE_ID' as const, Values: [namespaceId] }];
      const command = new ListServicesCommand({ Filters, ...paging(token) });
      const answer = await client.send(command, sendOptions(signal));
      return { items: requiredList(answer.Services, 'Services'), nextToken: answer.NextToken };
    },
  };
}
