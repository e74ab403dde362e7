/** A token bucket of AWS: requests that may come at once, and how many more each second. */
export interface Quota {
  readonly burst: number;
  readonly perSecond: number;
  /** AWS does not say how much it is: what stands here is high, and what really is granted is learnt. */
  readonly isGuess?: boolean;
}

/** What a client knows of one quota of AWS. All counts are of requests that draw on it, since the start. */
export interface QuotaUse {
  /** What shares it: `service:Operation`, a service for all its operations together, or `route53 changes`. */
  readonly bucket: string;
  readonly documented: Quota;
  /** What is taken to be granted by now: less than documented once AWS has rejected requests. */
  readonly burst: number;
  readonly perSecond: number;
  /** How many requests may be sent at once. */
  readonly left: number;
  readonly rejected: number;
  /** Those that were sent after a wait, and how long all of them together have waited. */
  readonly waited: number;
  readonly waitedMs: number;
  /** Those that wait now. */
  readonly waiting: number;
}
