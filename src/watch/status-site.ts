import type { Clock } from '../model/clock.ts';
import type { QuotaUse } from '../model/quota.ts';
import { renderReportPage } from '../report/html/report-page.ts';
import { keepStatus } from './keep-status.ts';
import type { Readiness } from './readiness.ts';
import { MAX_ROWS, renderStatusPage, type StatusFacts } from './status-page.ts';
import type { StatusPages } from './status-server.ts';

/** What of the status page is known before anything has run. */
export type StatusAbout = Pick<StatusFacts, 'command' | 'schedule' | 'zone' | 'settings' | 'followsEvents'>;

/** What is asked for each page that is served. */
export interface StatusSources {
  readonly readiness: () => Readiness;
  readonly quotas: () => readonly QuotaUse[];
}

/** The pages for people: those who keep what they tell, and what the server asks for. */
export function createStatusSite(about: StatusAbout, clock: Clock, { readiness, quotas }: StatusSources) {
  const { read, ...keepers } = keepStatus(clock);
  const pages: Pick<StatusPages, 'status' | 'report' | 'reportPage'> = {
    status: (isLive) =>
      renderStatusPage({
        ...about,
        status: read(),
        readiness: readiness(),
        quotas: quotas(),
        now: clock.now(),
        isLive,
      }),
    report: () => read().report,
    reportPage: (report) => renderReportPage(report, { maxRows: MAX_ROWS }),
  };
  return { ...keepers, pages };
}
