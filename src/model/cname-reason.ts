/**
 * Why a CNAME of this worker's is written, or goes; next to the reasons of verdicts, because no rule judges it
 * as an entry.
 *
 * | reason            | meaning                                              |
 * |-------------------|------------------------------------------------------|
 * | missing           | its ECS service had none                             |
 * | adopted           | a plain one becomes this worker's own                |
 * | corrected         | its TTL or weight was changed by hand                |
 * | balancer-replaced | its ECS service is behind another load balancer now  |
 * | balancer-gone     | its ECS service has no load balancer any more        |
 * | service-gone      | its ECS service is no more                           |
 */
export type CnameReason =
  | 'missing'
  | 'adopted'
  | 'corrected'
  | 'balancer-replaced'
  | 'balancer-gone'
  | 'service-gone';
