import { neededGrants, type Scope } from './actions.ts';
import { changeArns, clusterArns, eventBusArn, memberArns, queueArn, tableArn, zoneArn } from './arns.ts';
import type { PolicyNeeds } from './policy-needs.ts';

/** An IAM policy in the form in which IAM takes it. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid: Scope;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Condition;
}

type Condition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/**
 * The least that the worker needs; the same needs give the same document, to the last byte.
 *
 * @example
 * const needs = policyNeeds(settings, 'Z0123456789ABC', { readOnly: false, scope });
 * console.log(JSON.stringify(policyFor(needs), null, 2));
 */
export function policyFor(needs: PolicyNeeds): PolicyDocument {
  const grants = neededGrants(needs);
  const scopes = [...new Set(grants.map(({ scope }) => scope))];
  return {
    Version: '2012-10-17',
    Statement: scopes.map((scope) => {
      const { resources, condition } = SCOPES[scope];
      const Condition = condition?.(needs);
      return {
        Sid: scope,
        Effect: 'Allow',
        Action: grants.filter((grant) => grant.scope === scope).map(({ action }) => action),
        Resource: resources(needs),
        ...(Condition === undefined ? {} : { Condition }),
      };
    }),
  };
}

interface ScopeRule {
  readonly resources: (needs: PolicyNeeds) => readonly string[];
  readonly condition?: (needs: PolicyNeeds) => Condition | undefined;
}

const anything = () => ['*'];
const theZone = (needs: PolicyNeeds) => [zoneArn(needs)];

/**
 * What each statement is narrowed to. Source: the Service Authorization Reference of each service.
 *
 * | statement                 | why it is no narrower                                                  |
 * |---------------------------|------------------------------------------------------------------------|
 * | FindZoneByName            | the operation knows no resources                                       |
 * | ReadChanges               | a change gets its id when it is made                                   |
 * | ReadRegion                | none of its operations knows any; only the region can narrow           |
 * | ListTasksOfClusters       | ECS asks for `*` or for all instances of the cluster; the key narrows  |
 * | ListServicesOfClusters    | the operation knows no resources; the key narrows                      |
 * | DescribeMembersOfClusters | old ARNs do not name their cluster; the key does                       |
 * | StopTasksOfClusters       | the same                                                               |
 */
const SCOPES: Readonly<Record<Scope, ScopeRule>> = {
  FindZoneByName: { resources: anything },
  ReadZone: { resources: theZone },
  ChangeZone: { resources: theZone, condition: onlyOurChanges },
  ReadChanges: { resources: changeArns },
  ReadRegion: { resources: anything, condition: inOurRegion },
  ListInstancesOfClusters: { resources: clusterArns },
  ListTasksOfClusters: { resources: anything, condition: inOurClusters },
  ListServicesOfClusters: { resources: anything, condition: inOurClusters },
  DescribeMembersOfClusters: { resources: (needs) => memberArns(needs), condition: inOurClusters },
  StopTasksOfClusters: { resources: (needs) => memberArns(needs, ['task']), condition: inOurClusters },
  SendEvents: {
    resources: (needs) => (needs.eventBus === undefined ? [] : [eventBusArn(needs.eventBus, needs)]),
  },
  SendNotices: { resources: ({ topic }) => (topic === undefined ? [] : [topic]) },
  TakeEvents: {
    resources: (needs) => (needs.events === undefined ? [] : [queueArn(needs.events, needs)]),
  },
  KeepState: {
    resources: (needs) => (needs.stateTable === undefined ? [] : [tableArn(needs.stateTable, needs)]),
  },
};

/**
 * CREATE is for what is missing and, with `prune`, for taking one value out of a set with several: the set goes,
 * and comes back without it.
 */
const CHANGE_ACTIONS = ['DELETE', 'CREATE'];

/** No narrower by names: host sets are named after any host, and of a zone given by its id the name is not known. */
function onlyOurChanges(needs: PolicyNeeds): Condition {
  return {
    'ForAllValues:StringEquals': {
      'route53:ChangeResourceRecordSetsActions': CHANGE_ACTIONS,
      'route53:ChangeResourceRecordSetsRecordTypes': recordTypes(needs),
    },
  };
}

/**
 * `sync` has AAAA without `records.ipv6` too: what was created with it has to go once it is off. With `prune` the
 * setting says that there may be some of the time before. CNAMEs are judged only where they are made.
 */
function recordTypes({ policy, usesIpv6, makesCnames }: PolicyNeeds): readonly string[] {
  const hasIpv6 = policy === 'sync' || usesIpv6;
  return ['SRV', 'A', ...(hasIpv6 ? ['AAAA'] : []), ...(makesCnames ? ['CNAME'] : [])];
}

function inOurRegion({ scope: { region } }: PolicyNeeds): Condition | undefined {
  return region === undefined ? undefined : { StringEquals: { 'aws:RequestedRegion': [region] } };
}

/** A condition that every cluster there is would meet is left out. */
function inOurClusters(needs: PolicyNeeds): Condition | undefined {
  const { region, account } = needs.scope;
  if (needs.clusters.length === 0 && region === undefined && account === undefined) return undefined;
  return { ArnLike: { 'ecs:cluster': clusterArns(needs) } };
}
