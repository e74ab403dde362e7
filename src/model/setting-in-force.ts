/** One setting as it counts, for people. */
export interface SettingInForce {
  readonly name: string;
  /** As a variable would be set to it; `undefined` where it is a secret, or set nowhere and without a default. */
  readonly value: string | undefined;
  readonly isSecret: boolean;
  /** The flag, variable or file that sets it; `undefined` for a default. */
  readonly from: string | undefined;
}
