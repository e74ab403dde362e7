/** An event as a bus has taken it. */
export interface KeptEvent {
  readonly id: string;
  readonly source: string;
  readonly detailType: string;
  /** As it was sent: JSON. */
  readonly detail: string;
  readonly resources: readonly string[];
  /** Epoch seconds; `undefined` where none was given. */
  readonly time: number | undefined;
}

/** Why a bus does not take an entry, as the answer has it. */
export interface EntryRefusal {
  readonly code: string;
  readonly message: string;
}

/** An event bus, which keeps all that it takes. */
export class EventBus {
  readonly name: string;
  readonly arn: string;
  /** In the order in which they came. */
  readonly events: KeptEvent[] = [];
  /** Asked of each entry that is well formed: a refusal makes that one fail, and no other. */
  refuse: (event: KeptEvent) => EntryRefusal | undefined = () => undefined;

  constructor(name: string, arn: string) {
    this.name = name;
    this.arn = arn;
  }
}
