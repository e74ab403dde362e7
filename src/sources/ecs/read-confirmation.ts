import type { ConfirmationQuery, ConfirmationReads } from '../../model/confirmation.ts';
import type { IncompleteScope } from '../../model/inventory.ts';
import type { Access } from './access.ts';
import { confirmAddresses } from './confirm-addresses.ts';
import { confirmMachines } from './confirm-machines.ts';
import { confirmTasks } from './confirm-tasks.ts';
import { isGone, readInstances } from './hosts.ts';
import { lookUpUnknownHosts } from './unknown-hosts.ts';

/** Looks at the hosts, tasks and addresses of stale entries once more. */
export async function readConfirmation(query: ConfirmationQuery, access: Access): Promise<ConfirmationReads> {
  const [clusters, instances, named, tasks, addresses] = await Promise.all([
    Promise.all(query.clusters.map((look) => confirmMachines(look, access))),
    readInstances(query.instanceIds, access),
    lookUpUnknownHosts(query, access),
    Promise.all(query.tasks.map((look) => confirmTasks(look, access))),
    confirmAddresses(query.addresses, access),
  ]);
  const onHosts = clusters.flatMap((one) => one.found);
  // What was found on a host is known better than the same task found by its id.
  const known = new Set(onHosts.map(({ container }) => container.taskArn));
  const byId = tasks.flatMap((one) => one.found).filter(({ container }) => !known.has(container.taskArn));
  const found = [...onHosts, ...byId];
  const unasked = [...clusters, ...tasks, addresses].flatMap((one) => [...one.unasked]);
  return {
    containers: found.map(({ container }) => container),
    endpoints: found.flatMap(({ endpoints }) => endpoints),
    machines: new Map(clusters.flatMap(({ machines }) => machines)),
    instances: new Set([...instances.known].filter(([, one]) => !isGone(one)).map(([id]) => id)),
    named,
    tasks: new Map(tasks.flatMap(({ states }) => [...states])),
    addresses: addresses.interfaces,
    unasked: new Map([...unasked, ...instances.unasked]),
    incomplete: distinct([
      ...clusters.flatMap(({ incomplete }) => incomplete),
      ...[...tasks, addresses].flatMap((one) => [...one.unasked.values()]),
      ...instances.incomplete,
      ...named.incomplete,
    ]),
  };
}

function distinct(scopes: readonly IncompleteScope[]): readonly IncompleteScope[] {
  return [...new Map(scopes.map((one) => [`${one.scope} ${one.operation} ${one.error}`, one])).values()];
}
