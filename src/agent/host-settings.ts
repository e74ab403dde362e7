import type { Settings } from '../config/settings.ts';

/**
 * The settings of the runs of one host's agent. Its own engine tells it what runs: no probe, no budget and no floor of
 * what has to run stand against that. All that is of other hosts, of load balancers and of the fleet is the worker's.
 */
export function hostSettings(settings: Settings, host: string): Settings {
  const { hosts, health, guardrails, journal } = settings;
  return {
    ...settings,
    manage: { kind: 'host', host },
    policy: 'sync',
    hosts: { ...hosts, name: 'ec2' },
    addresses: 'private',
    cname: false,
    stopUnhealthyTasks: false,
    health: { ...health, enabled: false, trustEcs: false, trustTargetGroups: false },
    guardrails: { ...guardrails, removalBudgetPercent: 100, allowEmpty: true },
    // A file for each container that ends would fill the disk, and a state is of the whole fleet.
    journal: journal.kind === 'default' ? { kind: 'stderr' } : journal,
    state: { kind: 'none' },
  };
}
