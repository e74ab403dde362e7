import { z } from 'zod';

/** What tests look at of a template of CloudFormation; there may be more in it. */
export const templateSchema = z.looseObject({
  Parameters: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Description: z.string(),
      Default: z.union([z.string(), z.number()]).optional(),
    }),
  ),
  Conditions: z.record(z.string(), z.unknown()),
  Resources: z.record(
    z.string(),
    z.looseObject({
      Type: z.string(),
      Condition: z.string().optional(),
      Properties: z.looseObject({}).default({}),
    }),
  ),
});

export type Template = z.infer<typeof templateSchema>;
