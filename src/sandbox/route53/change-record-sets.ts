import type { RecordSet } from '../../model/record-set.ts';
import { AwsError } from '../error-answer.ts';
import type { Json, Operation } from '../service.ts';
import { objectOf, optionalText, textOf } from '../wire/json.ts';
import type { HostedZone } from '../world/hosted-zone.ts';
import { playChanges } from './apply-batch.ts';
import type { Change } from './batch-change.ts';
import { conflictProblems } from './check-conflicts.ts';
import { wellFormedChanges } from './check-shape.ts';
import { invalidChangeBatch, requestedZone } from './errors.ts';

const MAX_RECORDS = 1000;
const MAX_CHARACTERS = 32_000;

/** All of a batch or nothing of it; the answer to a bad one names everything that is wrong with it. */
export const changeResourceRecordSets: Operation = ({ world, now }, input) => {
  const zone = requestedZone(world, input['HostedZoneId']);
  const batch = objectOf(input['ChangeBatch']);
  const changes = wellFormedChanges(batch);
  checkOwner(zone);
  applyBatch(zone, changes);
  const id = `C${world.random.hex(20).toUpperCase()}`;
  const submittedAt = new Date(now()).toISOString();
  const comment = optionalText(batch['Comment']);
  world.changes.set(id, { id, submittedAt, comment, pendingReads: world.pendingReads });
  return { ChangeInfo: changeInfo(id, 'PENDING', submittedAt, comment) };
};

function checkOwner(zone: HostedZone): void {
  const owner = zone.linkedService;
  if (owner === undefined) return;
  const isCloudMap = owner.ServicePrincipal.startsWith('servicediscovery.');
  const manager = isCloudMap ? 'AWS Cloud Map' : owner.ServicePrincipal;
  const text = `The resource hostedzone/${zone.id} can only be managed through ${manager} (${owner.Description})`;
  throw new AwsError('AccessDenied', text, 403);
}

function applyBatch(zone: HostedZone, changes: readonly Change[]): void {
  const exceeded = exceededLimits(changes);
  if (exceeded.length > 0) throw invalidChangeBatch(exceeded);
  const { overlay, problems } = playChanges(zone, changes);
  if (problems.length > 0) throw invalidChangeBatch([...new Set(problems)]);
  const conflicts = conflictProblems(zone, changes, overlay);
  if (conflicts.length > 0) throw invalidChangeBatch(conflicts);
  for (const change of changes) {
    if (change.Action === 'DELETE') zone.delete(change.ResourceRecordSet);
    else zone.put(change.ResourceRecordSet);
  }
}

// Source: Route 53 Developer Guide, "Quotas on ChangeResourceRecordSets": an UPSERT counts twice.
function exceededLimits(changes: readonly Change[]): readonly string[] {
  let [records, characters] = [0, 0];
  for (const { Action, ResourceRecordSet: set } of changes) {
    const times = Action === 'UPSERT' ? 2 : 1;
    records += times * (set.ResourceRecords?.length ?? 0);
    characters += times * valueLength(set);
  }
  const exceeded: string[] = [];
  if (records > MAX_RECORDS) exceeded.push(`Number of records limit of ${MAX_RECORDS} exceeded.`);
  if (characters > MAX_CHARACTERS) exceeded.push(`RDATA character limit of ${MAX_CHARACTERS} exceeded.`);
  return exceeded;
}

function valueLength(set: RecordSet): number {
  return (set.ResourceRecords ?? []).reduce((sum, record) => sum + record.Value.length, 0);
}

/** PENDING as often as the world says, then INSYNC. */
export const getChange: Operation = ({ world }, input) => {
  const id = textOf(input['Id']).replace(/^\/?change\//, '');
  const change = world.changes.get(id);
  if (change === undefined) throw new AwsError('NoSuchChange', `Could not find resource with ID: ${id}`, 404);
  const status = change.pendingReads > 0 ? 'PENDING' : 'INSYNC';
  change.pendingReads -= 1;
  return { ChangeInfo: changeInfo(id, status, change.submittedAt, change.comment) };
};

function changeInfo(id: string, status: string, submittedAt: string, comment: string | undefined): Json {
  return { Id: `/change/${id}`, Status: status, SubmittedAt: submittedAt, Comment: comment };
}
