import type { AwsClients } from '../../aws/aws-clients.ts';
import type { MemoryLocation } from '../../model/memory-location.ts';
import { fileMemory } from './file-memory.ts';
import { type HealthMemory, NO_MEMORY, type WarningReport } from './health-memory.ts';

/** The memory that the settings name. What DynamoDB needs is loaded only when it is the one. */
export async function createMemory(
  location: MemoryLocation,
  clients: Pick<AwsClients, 'dynamoDb'>,
  report: WarningReport,
): Promise<HealthMemory> {
  if (location.kind === 'none') return NO_MEMORY;
  if (location.kind === 'file') return fileMemory(location.path, report);
  const { dynamoDbMemory } = await import('./dynamodb-memory.ts');
  return dynamoDbMemory(location, clients.dynamoDb, report);
}
