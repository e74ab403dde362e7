import type { Judgement } from '../../model/verdict.ts';

/** A verdict with a reason that fits it, before its entry and evidence are known. */
export type Assessment = Judgement extends infer J
  ? J extends Judgement
    ? Omit<J, 'entry' | 'evidence'>
    : never
  : never;
