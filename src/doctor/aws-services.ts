/** The services whose endpoints runs need, by the prefixes of IAM; DynamoDB is the memory's own affair. */
const AWS_SERVICES = ['route53', 'ecs', 'ec2', 'elasticloadbalancing'] as const;
export type AwsService = (typeof AWS_SERVICES)[number];

/** The services that the given actions are asked of. */
export function servicesOf(actions: Iterable<string>): readonly AwsService[] {
  const prefixes = new Set([...actions].map((action) => action.slice(0, action.indexOf(':'))));
  return AWS_SERVICES.filter((service) => prefixes.has(service));
}
