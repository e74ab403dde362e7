/**
 * How a world can differ from the simple one, each by itself and any of them together.
 *
 * | shape            | what the world is like                                                              |
 * |------------------|-------------------------------------------------------------------------------------|
 * | other-account    | the agents of another account write the same convention into the zone; ECS and EC2 of this account know nothing of its hosts, which are in a VPC of their own or in a subnet that is shared with it |
 * | hidden-cluster   | a cluster runs that the role may not read, that ListClusters leaves out, or that the settings do not name |
 * | twin-vpc         | a second VPC has hosts of the same private DNS names and addresses, in a hidden cluster |
 * | host-names       | hosts call themselves otherwise than EC2 does: by a domain of the DHCP options, by a name of their own, or EC2 names them by resource |
 * | hidden-names     | services get their names from secrets, from a file, or from their image: ECS does not tell them |
 * | strangers        | `docker run` starts containers on hosts of the clusters, and the agent registers them; ECS knows nothing of them |
 * | zone-cut-off     | hosts are spread over two or three availability zones, one or more in each, and the worker cannot reach one for a while |
 * | two-places       | two workers run at the same time, and each reaches another half of the fleet        |
 * | frozen-runs      | a run stands still between any two of its calls, for minutes or hours, and goes on   |
 * | protected-names  | some names are protected: Route 53 refuses every change of them                    |
 * | both-protocols   | services bind their ports over TCP and UDP, under one name                          |
 * | shared-state     | runs over another zone leave their state in the same store                          |
 * | clock-jumps      | some runs have a clock that is hours behind                                         |
 * | half-fails       | at once exactly half of what is checked fails                                       |
 * | light-sets       | new containers are entered with weight 0, or ask for it, next to old ones that fail |
 * | turnover         | tasks come and go while a run reads, and ECS lists what was there minutes ago       |
 * | forgotten-tasks  | for a while ECS neither lists a part of the tasks nor counts them on their machines, though their services count them |
 * | second-addresses | hosts have a second address, and some agents call them by it                       |
 * | passed-address   | a host of another account gets the address of one that has died, in a subnet that is shared with it, or has that of a living one in a VPC of its own |
 * | zone-unread      | the networks in which the zone is answered are out of the role's reach, or fail to be read once |
 * | events           | events of ECS and EC2 name what is to be looked at at once, between the periodic runs; 30 % of them are lost, others come twice, late by up to ten minutes, or out of order |
 * | host-agents      | hosts have `ecs-dns agent`, which registers what their engines run, in place of the agents of old, or next to them |
 * | handovers        | services replace all of their tasks between two runs, only the worker registers, and Route 53 refuses a half of what is created |
 * | target-groups    | services have target groups: the settings believe them, and they tell the truth or nothing at all; or the settings do not, and they tell anything |
 * | long-ttls        | only the worker registers, clients keep its answers for many minutes, and tasks that stay unhealthy are stopped |
 * | registries       | services of Cloud Map name tasks, in addition to what their metadata say or alone; registries are changed, taken away or shared, one of Cloud Map is deleted, lists of Cloud Map fail, are denied or lose a page, and Cloud Map may have records of its own in the zone |
 * | firewalls        | hosts drop what is asked at a port that nothing has, in place of refusing it |
 * | onward-targets   | agents write a name of the zone as the target, from which a CNAME, an alias or a wildcard leads on to the host; an operator may take such a record away, or let it lead elsewhere; such zones are rare |
 */
export const SHAPE_KINDS = [
  'other-account',
  'hidden-cluster',
  'twin-vpc',
  'host-names',
  'hidden-names',
  'strangers',
  'zone-cut-off',
  'two-places',
  'frozen-runs',
  'protected-names',
  'both-protocols',
  'shared-state',
  'clock-jumps',
  'half-fails',
  'light-sets',
  'turnover',
  'forgotten-tasks',
  'second-addresses',
  'passed-address',
  'zone-unread',
  'events',
  'host-agents',
  'handovers',
  'target-groups',
  'long-ttls',
  'registries',
  'firewalls',
  'onward-targets',
] as const;
export type ShapeKind = (typeof SHAPE_KINDS)[number];

/** Which faults and shapes never happen, and which shapes every history has. */
export interface Choice {
  readonly without?: readonly string[];
  readonly always?: readonly ShapeKind[];
}
