import { plural } from '../report/sections.ts';
import { wrap } from '../report/wrap.ts';
import type { Predecessor } from './fleet/predecessors.ts';

/** What there is when the sandbox opens. */
export interface Opening {
  readonly url: string;
  readonly clusters: number;
  readonly instances: number;
  readonly tasks: number;
  readonly balancers: number;
  /** How many ports answer. */
  readonly listening: number;
  readonly zone: string;
  readonly recordSets: number;
}

/** What there was to do. */
interface Ending {
  /** Entries that were there at the beginning, and record sets. */
  readonly planted: number;
  readonly recordSets: number;
  readonly registrations: number;
  readonly withheld: number;
}

/** What the sandbox says around its three runs. */
interface SandboxStory {
  readonly introduction: (opening: Opening) => string;
  readonly steps: Readonly<Record<'plan' | 'apply' | 'again', string>>;
  readonly ending: (ending: Ending) => string;
}

/** By policy; the lines of `sync` fit a terminal of 80 columns. */
export const SANDBOX_STORIES: Readonly<Record<'prune' | 'sync', SandboxStory>> = {
  prune: {
    introduction: ({ url, clusters, instances, tasks, listening, zone, recordSets }) =>
      [
        'A local look-alike of ECS, EC2 and Route 53 is listening at',
        `${url}. It has ${plural(clusters, 'cluster', 'clusters')}, ${plural(instances, 'container instance', 'container instances')} and ${plural(tasks, 'task', 'tasks')};`,
        `${plural(listening, 'port answers', 'ports answer')} on 127.0.0.0/8. The hosted zone ${zone}`,
        `has ${recordSets} record sets, and some of them are wrong.`,
      ].join('\n'),
    steps: {
      plan: '1. `ecs-dns plan` compares the zone with what runs, probes every endpoint, and changes nothing:',
      apply: '2. `ecs-dns apply` does the same and removes what is stale or unhealthy:',
      again: '3. `ecs-dns plan` again: the zone is true, except for what a guardrail holds.',
    },
    ending: ({ planted }) =>
      `All ${planted} planted records were treated as they should be. Keep the sandbox with \`ecs-dns sandbox --serve\`.`,
  },
  sync: {
    introduction: (opening) =>
      wrap(
        `${describeApis(opening)} The hosted zone ${opening.zone} has ${opening.recordSets} record sets, all of them other people's: nothing that runs here is registered yet.`,
        STORY_COLUMNS,
      ).join('\n'),
    steps: {
      plan: [
        '1. `ecs-dns plan --policy sync --cname true` asks everything that runs and has a',
        '   name whether it is healthy, and changes nothing:',
      ].join('\n'),
      apply: [
        '2. `ecs-dns apply` with the same settings registers what is healthy, addresses',
        '   before the records that point at them:',
      ].join('\n'),
      again: [
        '3. `ecs-dns plan` again: everything healthy has its record, so there is nothing',
        '   left to do, except for what a guardrail holds.',
      ].join('\n'),
    },
    ending: ({ recordSets, registrations, withheld }) =>
      [
        `Everything is as it should be. ${plural(registrations, 'entry was', 'entries were')} registered; ${withheld} withheld, each`,
        `for the reason above; and the ${recordSets} record sets of other people are as before.`,
        '',
        'To look around in it: `ecs-dns sandbox --serve --policy sync` leaves the sandbox',
        'open, with nothing registered, and prints how to reach it.',
      ].join('\n'),
  },
};

/** What each system has made of the zone, as the end of the sentence on its record sets. */
const LEFT_BEHIND: Readonly<Record<Predecessor, string>> = {
  'host-agent-1.0':
    ' and of host agents of version 1.0: one task was missed, and one record has outlived its container.',
  'host-agent-1.4':
    ' and of host agents of version 1.4: one task was missed, and one record has outlived its container.',
  'clean-up-lambda':
    ' and of host agents and a clean-up Lambda that knew one cluster of two: the SRV records of the other are gone, though all of its tasks run.',
  'label-agent': ' and of the label agent: one record has outlived its task.',
  'app-mesh':
    ' and of App Mesh: a placeholder for each name, which leads nowhere. Each task has an Envoy, and the application of one does not answer.',
  'cname-lambda':
    ' and of the CNAME Lambda: one service was missed, and one record has outlived its service.',
  'cloud-map': '. Cloud Map has its own in the zone prod.internal, which it alone may change.',
};

/** What the sandbox says first where another system has kept the zone; its lines fit a terminal of 80 columns. */
export function predecessorIntroduction(system: Predecessor, opening: Opening): string {
  const { zone, recordSets } = opening;
  return wrap(
    `${describeApis(opening)} The hosted zone ${zone} has ${recordSets} record sets, those of other people${LEFT_BEHIND[system]}`,
    STORY_COLUMNS,
  ).join('\n');
}

const STORY_COLUMNS = 80;

/** Where it listens, and what of each kind there is. */
function describeApis({ url, clusters, instances, tasks, balancers, listening }: Opening): string {
  const counted = [
    [clusters, 'cluster'],
    [instances, 'container instance'],
    [tasks, 'task'],
    [balancers, 'load balancer'],
  ] as const;
  const kinds = counted.flatMap(([count, one]) => (count === 0 ? [] : [plural(count, one)]));
  const has = [kinds.slice(0, -1).join(', '), ...kinds.slice(-1)].filter((part) => part !== '').join(' and ');
  const answers =
    listening === 0 ? '' : `; ${plural(listening, 'port answers', 'ports answer')} on 127.0.0.0/8`;
  return `A local look-alike of ECS, EC2, Elastic Load Balancing and Route 53 is listening at ${url}. It has ${has}${answers}.`;
}
