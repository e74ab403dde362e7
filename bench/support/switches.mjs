// The worker with one of its optimisations switched off. Nothing in the worker knows of this: the parts it
// works through are wrapped, a setting is changed, or Node's own HTTP agent is held back.
import { Agent } from 'node:http';
import { buildReport } from '../../dist/report/build-report.js';
import { reconcile } from '../../dist/run/reconcile.js';
import { openParts } from './ports.mjs';

/** What can be switched off, and what is done instead. */
export const SWITCHES = {
  'kept-alive': 'a new connection for every call',
  'side-by-side': 'one call to a service at a time',
  'ecs-batches': 'tasks and instances described 10 a call instead of 100',
  'ec2-batches': 'one host a call instead of 199',
  'change-batches': 'one change a call',
  'parallel-probes': 'one probe at a time',
};

/** Switches off what is a matter of Node's HTTP agent. */
export function patchAgents(off) {
  if (off === 'kept-alive') Agent.prototype.keepSocketAlive = () => false;
  if (off !== 'side-by-side') return;
  const addRequest = Agent.prototype.addRequest;
  Agent.prototype.addRequest = function (...args) {
    this.maxSockets = 1;
    return addRequest.apply(this, args);
  };
}

const WRAPS = {
  'ecs-batches': { ecs: describeInTens },
  'ec2-batches': { ec2: describeOneByOne },
  'change-batches': { zone: applyOneByOne },
  'parallel-probes': { probing: { concurrency: 1, budgetMs: 3_600_000 } },
};

/** The worker with that switched off, as `createWorker` makes one. */
export function openWithout(off, flags, access) {
  const parts = openParts(flags, access, { paced: true, ...WRAPS[off] });
  const { settings, clients } = parts;
  const definitions = new Map();
  return {
    async run(request) {
      const calls = clients.countCalls();
      const { manage, health, guardrails } = settings;
      const result = await reconcile(await parts.create(definitions), {
        manage,
        health,
        limits: { ...guardrails, force: request.force },
        dryRun: request.mode === 'plan',
        approve: request.approve,
        signal: undefined,
        deadline: request.deadline,
      });
      const report = buildReport(result, { ...request, ...calls(), warnings: [] });
      return { result, report };
    },
    close: () => clients.destroy(),
  };
}

function describeInTens(ecs) {
  const inTens = (describe) => async (cluster, arns, signal) => {
    const parts = [];
    for (const ten of slices(arns, 10)) parts.push(await describe(cluster, ten, signal));
    return {
      items: parts.flatMap(({ items }) => items),
      failures: parts.flatMap(({ failures }) => failures),
    };
  };
  return {
    ...ecs,
    describeTasks: inTens(ecs.describeTasks),
    describeContainerInstances: inTens(ecs.describeContainerInstances),
  };
}

function describeOneByOne(ec2) {
  return {
    ...ec2,
    async describeInstances(filter, values, _token, signal) {
      const items = [];
      for (const value of values)
        items.push(...(await ec2.describeInstances(filter, [value], undefined, signal)).items);
      return { items, nextToken: undefined };
    },
  };
}

function applyOneByOne(zone) {
  return {
    ...zone,
    async apply(found, groups, options) {
      const outcomes = new Map();
      for (const group of groups)
        for (const [key, outcome] of await zone.apply(found, [group], options)) outcomes.set(key, outcome);
      return outcomes;
    },
  };
}

function slices(items, size) {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
