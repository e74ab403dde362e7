/** The services whose endpoints a run needs; DynamoDB is the memory's own affair. */
export const AWS_SERVICES = ['route53', 'ecs', 'ec2'] as const;
export type AwsService = (typeof AWS_SERVICES)[number];
