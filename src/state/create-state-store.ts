import type { AwsClients } from '../aws/aws-clients.ts';
import type { StateLocation } from '../model/state-location.ts';
import { fileState } from './file-state.ts';
import { NO_STATE_STORE, type StateStore, type WarningReport } from './state-store.ts';

/** The store that the settings name. What DynamoDB needs is loaded only when it is the one. */
export async function createStateStore(
  location: StateLocation,
  clients: Pick<AwsClients, 'dynamoDb'>,
  report: WarningReport,
): Promise<StateStore> {
  if (location.kind === 'none') return NO_STATE_STORE;
  if (location.kind === 'file') return fileState(location.path, report);
  const { dynamoDbState } = await import('./dynamodb-state.ts');
  return dynamoDbState(location, clients.dynamoDb, report);
}
