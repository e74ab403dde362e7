import { variablesOf } from '../tour.ts';
import { EXAMPLES_ZONE } from './example-fleet.ts';
import type { OpenExamples } from './open-examples.ts';

/** What there is to tell once the examples run. */
export interface ExamplesView {
  readonly examples: OpenExamples;
  /** `undefined` where none was started. */
  readonly worker: { readonly pid: number | undefined; readonly statusUrl: string } | undefined;
  /** What runs this program again. */
  readonly command: string;
}

/** Where everything is, and what to try, on lines of at most 80 columns. */
export function examplesDirections({ examples, worker, command }: ExamplesView): string {
  const { balancers, control, nameServer, containers, url, fleet } = examples;
  const server = `@${nameServer.address} -p ${nameServer.port}`;
  const stoppable = containers.processes().find(({ name }) => name === 'calc');
  const task = stoppable?.task.taskArn.split('/').at(-1) ?? 'TASK';
  return [
    `Portal       ${balancers.urlOf('portal') ?? ''}/`,
    `Shop         ${balancers.urlOf('shop') ?? ''}/`,
    `Bookings     ${balancers.urlOf('home') ?? ''}/`,
    '',
    `Containers   ${control.url}  stop or kill one, and see its record go`,
    ...(worker === undefined ? [] : [`Worker       ${worker.statusUrl}  pid ${worker.pid ?? 'none'}`]),
    '',
    ...(worker === undefined ? ownWorkerLines(examples, command) : missingLines(examples)),
    ...processLines(examples),
    '',
    'Kill a container of calc, and load the portal again:',
    '',
    `  kill -9 ${stoppable?.pid ?? 'PID'}`,
    '',
    'Or have ECS stop it, which gives it time to drain:',
    '',
    `  export AWS_ENDPOINT_URL=${url} AWS_DEFAULT_REGION=${fleet.world.region}`,
    '  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox',
    `  aws ecs stop-task --cluster examples --task ${task}`,
    '',
    'Ask DNS:',
    '',
    `  dig ${server} SRV _calc._tcp.${EXAMPLES_ZONE}`,
    `  dig ${server} A movie.${EXAMPLES_ZONE}`,
    `  dig ${server} CNAME goods.${EXAMPLES_ZONE}`,
    '',
    'Ctrl-C ends it all.',
    '',
  ].join('\n');
}

function ownWorkerLines(examples: OpenExamples, command: string): readonly string[] {
  return [
    'Nothing is registered yet. In another terminal:',
    '',
    ...Object.entries(variablesOf(examples, 'sync')).map(([name, value]) => `  export ${name}=${value}`),
    `  ${command} watch --every 15s --events ${examples.queueUrl}`,
    '',
  ];
}

function missingLines({ missing }: OpenExamples): readonly string[] {
  const names = missing();
  if (names.length === 0) return [];
  return ['Not registered yet:', ...names.map((name) => `  ${name}`), ''];
}

function processLines({ containers }: OpenExamples): readonly string[] {
  const rows = containers
    .processes()
    .map(({ name, pid, address, port }) => [name, String(pid), `${address}:${port}`] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return [
    'container    pid      address',
    ...rows.map(([name, pid, address]) => `${name.padEnd(12)} ${pid.padEnd(8)} ${address}`),
  ];
}
