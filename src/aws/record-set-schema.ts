import { z } from 'zod';

/** A record set in Route 53's own field names; those that are not named here are kept as well. */
export const recordSetSchema = z.looseObject({
  Name: z.string().min(1),
  Type: z.string().min(1),
  SetIdentifier: z.string().optional(),
  Weight: z.number().optional(),
  TTL: z.number().optional(),
  ResourceRecords: z.array(z.object({ Value: z.string() })).optional(),
});
