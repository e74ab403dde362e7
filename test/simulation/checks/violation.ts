/**
 * What must never be, whatever happens and whatever goes wrong.
 *
 * | invariant           | broken when                                                                    |
 * |---------------------|--------------------------------------------------------------------------------|
 * | live-entry          | an entry went whose container was up from its being read to the change         |
 * | last-way            | the only entry went that leads to a container that was up all the time         |
 * | not-ours            | an entry went as stale whose container runs in another account, whether it answers or not |
 * | live-host           | the address of a host went that was there all the time                         |
 * | foreign             | a record of others was to be changed, or another zone                          |
 * | exact               | a set was changed that is not the one that the run was shown                   |
 * | addition            | the zone got a value that it did not have, and that no run was to register     |
 * | dangling            | a host's address went before an entry that leads to it                         |
 * | request-limits      | Route 53, ECS or EC2 were asked for more than they take at once                |
 * | emptied             | health took the last entry of a name, or left fewer than the minimum; or what is drained went, and nothing live is left |
 * | panic               | health took entries while more than the share was failing                      |
 * | unproven            | health took an entry whose probe did not fail                                  |
 * | disbelieved         | a target group decided, or was asked, that the settings do not believe         |
 * | grace               | health took an entry of a container in its grace period                        |
 * | unread-scope        | an entry went as stale whose cluster was not read                              |
 * | unconfirmed         | an entry went as stale from a machine that was not looked at again             |
 * | budget              | more went as stale in one run than the budget allows                           |
 * | empty-inventory     | entries went as stale while nothing at all runs                                |
 * | outcome             | a group of changes has no outcome, or one that the zone does not bear out      |
 * | account             | what a run says that it removed is not what went                               |
 * | journal             | a set went that was not written down before, or that does not come back    |
 * | not-right           | an entry is stale, nothing holds it, and two quiet runs have left it           |
 * | no-gap              | a batch left a name without an answer that it had all the time, or emptied it first |
 * | duplicate           | a set was created that leads where another of that name does which the run knew |
 * | flapping            | a run undid what another had done, and nothing had changed in between          |
 * | late                | a healthy container has no entry after an undisturbed run that began when it was |
 * | unsound             | a set was created for what failed its check, has ended, or has a better one     |
 * | form                | a set was created that is not, byte for byte, what the host's agent writes      |
 * | unplaced            | a set was created before the address of its host                               |
 * | second-plan         | a run in quiet has changed what the run before it had left as right            |
 * | stopped-healthy     | a task was stopped that was up all the time                                     |
 * | still-kept          | a task was stopped while a client could have kept an answer that leads to it    |
 * | late-plan           | a batch was sent by a plan that was too old, or after a newer run had ended and the run knew it |
 * | protected           | a batch held a change of a name that was protected when the run began, and that it could read |
 * | not-ended           | a run of a scope took an entry of which no container was told to stop, and no host has ended |
 * | too-soon            | a run of a scope took what still answers, and left nothing else of the name that does |
 * | misnamed            | a set was created under a name that neither metadata nor a registry gives its container |
 * | unfinished          | a run in quiet tells of something unread that nothing keeps from being read    |
 * | broke-down          | a run ended with an error that is not for the user, or never                   |
 */
export type Invariant =
  | 'live-entry'
  | 'last-way'
  | 'not-ours'
  | 'live-host'
  | 'foreign'
  | 'exact'
  | 'addition'
  | 'dangling'
  | 'request-limits'
  | 'emptied'
  | 'panic'
  | 'unproven'
  | 'disbelieved'
  | 'grace'
  | 'unread-scope'
  | 'unconfirmed'
  | 'budget'
  | 'empty-inventory'
  | 'outcome'
  | 'account'
  | 'journal'
  | 'not-right'
  | 'no-gap'
  | 'duplicate'
  | 'flapping'
  | 'late'
  | 'unsound'
  | 'form'
  | 'unplaced'
  | 'second-plan'
  | 'stopped-healthy'
  | 'still-kept'
  | 'late-plan'
  | 'protected'
  | 'not-ended'
  | 'too-soon'
  | 'misnamed'
  | 'unfinished'
  | 'broke-down';

/** One breach, with the run that is to blame and the virtual time. */
export interface Violation {
  readonly invariant: Invariant;
  readonly run: number;
  readonly at: number;
  readonly step: number;
  readonly detail: string;
}

export type Report = (invariant: Invariant, detail: string) => void;
