import type { Cluster } from '../src/model/cluster.ts';

/** A cluster by its name, in one region and account unless others are said. */
export function clusterNamed(name: string, region = 'eu-west-1', account = '111122223333'): Cluster {
  return { arn: `arn:aws:ecs:${region}:${account}:cluster/${name}`, name, region, account };
}

export const BLUE = clusterNamed('blue');
export const GREEN = clusterNamed('green');
/** Of the same name as another one. */
export const BLUE_ELSEWHERE = clusterNamed('blue', 'us-west-2');
