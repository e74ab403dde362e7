import type { Clock } from '../model/clock.ts';
import type { NoticeDocument, NoticeKind } from '../publish/notice-schema.ts';
import type { Notifier } from '../publish/notifier.ts';
import { noticeOf, noticeOfFailure } from './notice-of.ts';
import type { RunOptions, RunResult } from './run.ts';

export interface AnnounceOptions extends Pick<RunOptions, 'signal' | 'deadline' | 'dryRun'> {
  readonly on: readonly NoticeKind[];
  /** As the settings name it. */
  readonly zone: string;
}

/** A run that ended before it could do anything may be late by then: telling that takes no longer. */
const FAILURE_MS = 5_000;

/** Runs of which people are told, each after it has come to its end. */
export type Announce = (
  run: () => Promise<RunResult>,
  notifier: Notifier,
  options: AnnounceOptions,
) => Promise<RunResult>;

/**
 * Tells of the runs of a process: what is held back and what failed only where that is other than in the run before, of
 * which the state tells, too. A run goes on as it would if nothing were told of it.
 */
export function createAnnouncer(clock: Clock): Announce {
  /** By whether it was a dry one: what the last run of this process was concerned about. */
  const last = new Map<boolean, string>();
  const isNews = (dryRun: boolean, concern: string, before?: string) => {
    const known = last.get(dryRun) ?? before;
    last.set(dryRun, concern);
    return concern !== known;
  };
  const noticeOfEnd = (result: RunResult, { on, dryRun }: AnnounceOptions) => {
    const { before, now = '' } = result.concerns ?? {};
    return noticeOf(result, { mode: modeOf(dryRun), on, isNews: isNews(dryRun, now, before) });
  };
  const noticeOfError = (error: unknown, { on, dryRun, zone }: AnnounceOptions) => {
    const isTold = on.includes('failures') && (!dryRun || on.includes('drift'));
    const isNew = isNews(dryRun, `failed: ${codeOf(error)}`);
    return isTold && isNew
      ? noticeOfFailure(error, { mode: modeOf(dryRun), zone, now: clock.now() })
      : undefined;
  };
  return async (run, notifier, options) => {
    const { signal, deadline } = options;
    const result = await run().catch(async (error: unknown) => {
      const notice = signal?.aborted === true ? undefined : noticeOfError(error, options);
      if (notice !== undefined) await notifier.send(notice, { signal, deadline: clock.now() + FAILURE_MS });
      throw error;
    });
    const notice = noticeOfEnd(result, options);
    if (notice !== undefined) await notifier.send(notice, { signal, deadline });
    return result;
  };
}

function modeOf(dryRun: boolean): NoticeDocument['mode'] {
  return dryRun ? 'plan' : 'apply';
}

function codeOf(error: unknown): string {
  return String(Reflect.get(Object(error), 'code') ?? Reflect.get(Object(error), 'name'));
}
