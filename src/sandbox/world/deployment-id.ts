import { hash } from 'node:crypto';

const DIGITS = 19;

/** The id of a service's n-th deployment, in the form in which ECS has it. */
export function deploymentId(serviceArn: string, n: number): string {
  const digits = BigInt(`0x${hash('sha256', `${serviceArn} ${n}`, 'hex')}`).toString();
  return `ecs-svc/${digits.slice(0, DIGITS)}`;
}
