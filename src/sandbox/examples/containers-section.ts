import { html, type Markup } from '../../report/html/html.ts';
import { pageSection } from '../../report/html/html-page.ts';
import type { ContainerFailure, ContainerProcess } from '../fleet/process-containers.ts';
import type { Service, Task } from '../world/ecs-shapes.ts';
import type { ControlView } from './control-view.ts';

/** The containers, each with its log and what stops it, and the services that wait before they begin another. */
export function containersSection({ fleet, containers, restarts, now }: ControlView, search: string): Markup {
  const clusters = [...fleet.world.clusters.values()];
  const tasks = clusters
    .flatMap((cluster) => [...cluster.tasks.values()])
    .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
    .toSorted((a, b) => order(a.group, b.group) || order(a.taskArn, b.taskArn));
  const processes = containers.processes();
  const failures = containers.failures();
  const items = tasks.map((task) => {
    const running = processes.find((one) => one.task === task);
    const failure = failures.find((one) => one.task === task);
    return html`<li>${containerItem(task, running, failure, search)}</li>`;
  });
  const listed = new Set(tasks.map(({ taskArn }) => taskArn));
  const failing = clusters
    .flatMap((cluster) => [...cluster.services.values()])
    .filter((service) => restarts.isFailing(service, now()))
    .map((service): FailingService => {
      const last = failures.find(({ task }) => isOf(task, service));
      const isListed = last !== undefined && listed.has(last.task.taskArn);
      return { service, waitMs: restarts.waitMs(service, now()), last, isListed };
    });
  return pageSection({
    id: 'containers',
    title: 'Containers',
    count: items.length,
    lead: 'Each is a process of this machine. Stop one, and look at the records below and at the portal.',
    body: html`<ul class="rows" aria-label="Containers">${failing.map((one) => failingItem(one, search))}${items}</ul>`,
  });
}

/** A service the containers of which end soon after their start. */
interface FailingService {
  readonly service: Service;
  /** Until another one begins; 0 once that has begun. */
  readonly waitMs: number;
  /** The last one that has failed, and whether it stands in the list itself. */
  readonly last: ContainerFailure | undefined;
  readonly isListed: boolean;
}

function isOf(task: Task, { clusterArn, serviceName }: Service): boolean {
  return task.clusterArn === clusterArn && task.group === `service:${serviceName}`;
}

function failingItem({ service, waitMs, last, isListed }: FailingService, search: string): Markup {
  const badge = waitMs > 0 ? 'waiting' : 'failing';
  const next = waitMs > 0 ? `begins in ${Math.ceil(waitMs / 1_000)} s` : 'has begun';
  const ended = last === undefined ? '' : `; the last one ended with exit code ${last.exitCode}`;
  return html`<li><div class="container"><span class="name">${service.serviceName}</span><span class="badge unhealthy">${badge}</span>
<span>its containers end soon after their start; the next ${next}${ended}</span></div>
${last === undefined || isListed ? undefined : lastLines(last, search)}</li>`;
}

function containerItem(
  task: Task,
  running: ContainerProcess | undefined,
  failure: ContainerFailure | undefined,
  search: string,
): Markup {
  const service = task.group.replace(/^service:/, '');
  const id = task.containers[0]?.runtimeId?.slice(0, 12);
  const name = html`<span class="name">${service}${id === undefined ? undefined : html` <code class="quiet">${id}</code>`}</span>`;
  if (running === undefined) {
    const log = failure === undefined ? undefined : lastLines(failure, search);
    return html`<div class="container">${name}${stateOf(task)}</div>
${log}`;
  }
  return html`<div class="container">${name}${stateOf(task)}
<code>${running.address}:${running.port}</code><span>pid <code>${running.pid}</code></span>${buttons(task, service, search)}</div>
${lastLines(running, search)}`;
}

function stateOf({ desiredStatus, lastStatus }: Task): Markup {
  if (desiredStatus === 'STOPPED')
    return html`<span class="badge draining">${lastStatus.toLowerCase()}</span>`;
  const tone = lastStatus === 'RUNNING' ? 'live' : 'foreign';
  return html`<span class="badge ${tone}">${lastStatus.toLowerCase()}</span>`;
}

/** On a page that reloads by itself, which folds it, a link to the page that does not; that unfolds what it leads to. */
function lastLines(
  { task, lines }: Pick<ContainerProcess, 'task' | 'lines'>,
  search: string,
): Markup | undefined {
  if (lines.length === 0) return undefined;
  const id = `log-${task.taskArn.split('/').at(-1)}`;
  if (search === '') return html`<p class="log"><a href="/?pause#${id}">show log</a></p>`;
  return html`<details class="log"><summary class="quiet">show log</summary><pre id="${id}">${lines.map(
    (line) => html`<span>${line}</span>
`,
  )}</pre></details>`;
}

function buttons({ taskArn }: Task, service: string, search: string): Markup {
  const label = `${service} ${taskArn.slice(-6)}`;
  return html`<form method="post"><input type="hidden" name="task" value="${taskArn}"><button formaction="/stop${search}" aria-label="Stop ${label}">Stop</button> <button formaction="/kill${search}" aria-label="Kill ${label}">Kill</button></form>`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
