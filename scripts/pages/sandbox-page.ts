import type { Service } from '../../src/sandbox/service.ts';

const TITLES: Readonly<Record<Service['name'], string>> = {
  ecs: 'Amazon ECS',
  ec2: 'Amazon EC2',
  route53: 'Amazon Route 53',
  elbv2: 'Elastic Load Balancing',
  elb: 'Elastic Load Balancing, Classic',
  sqs: 'Amazon SQS',
  events: 'Amazon EventBridge',
  sns: 'Amazon SNS',
  servicediscovery: 'AWS Cloud Map',
};

/** The part of `docs/sandbox.md` that follows from the code: the calls that are known, a row for each service. */
export function sandboxSections(services: readonly Service[]): Readonly<Record<'calls', string>> {
  const rows = services.map(({ name, operations }) => {
    const calls = operations.toSorted().map((one) => `\`${one}\``);
    return `| ${TITLES[name]} | ${calls.join(', ')} |`;
  });
  return { calls: ['| service | calls |', '| --- | --- |', ...rows].join('\n') };
}
