import type { NoticeDocument } from './notice-schema.ts';

/** A way to one of those who are told; rejects with what may be told of a failure, secrets left out. */
export type SendNotice = (document: NoticeDocument, signal: AbortSignal) => Promise<void>;
