import { html, type Markup } from '../../report/html/html.ts';
import { dataTable, htmlPage, pageSection } from '../../report/html/html-page.ts';
import type { Fleet } from '../fleet/generate-fleet.ts';
import type { ContainerProcess, ProcessContainers } from '../fleet/process-containers.ts';
import type { RestartThrottle } from '../fleet/restart-throttle.ts';
import type { Task } from '../world/ecs-shapes.ts';
import type { Balancers } from './balancers.ts';

/** What the page shows. */
export interface ControlView {
  readonly fleet: Fleet;
  readonly containers: ProcessContainers;
  readonly balancers: Balancers;
  readonly restarts: RestartThrottle;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** The services that have a page, with what it is called. */
const PAGES = { portal: 'portal', shop: 'shop', home: 'bookings' };

/** The containers with what stops them, and the records that DNS has at this moment. */
export function controlPage(view: ControlView, isPaused: boolean): string {
  const reloading = isPaused
    ? html`The page is paused: <a href="/">resume</a>.`
    : html`The page reloads by itself: <a href="/?pause">pause</a>.`;
  const links = Object.entries(PAGES).flatMap(([service, label]) => {
    const url = view.balancers.urlOf(service);
    return url === undefined ? [] : [html`<a href="${url}/">${label}</a>`];
  });
  return htmlPage({
    title: 'Examples in the sandbox',
    kind: 'sandbox',
    headline: 'Containers and their records',
    facts: [html`zone ${view.fleet.zone.name.replace(/\.$/, '')}`, reloading],
    head: html`<nav aria-label="Examples">${links}</nav>`,
    body: html`${containersSection(view, isPaused ? '?pause' : '')}${recordsSection(view.fleet)}`,
    foot: 'Stop is StopTask: the container gets SIGTERM and time to drain. Kill is SIGKILL: it is gone at once.',
    forms: true,
  });
}

function containersSection({ fleet, containers, restarts, now }: ControlView, search: string): Markup {
  const clusters = [...fleet.world.clusters.values()];
  const tasks = clusters
    .flatMap((cluster) => [...cluster.tasks.values()])
    .filter(({ lastStatus }) => lastStatus !== 'STOPPED')
    .toSorted((a, b) => order(a.group, b.group) || order(a.taskArn, b.taskArn));
  const processes = containers.processes();
  const items = tasks.map((task) => {
    const running = processes.find((one) => one.task === task);
    return html`<li>${containerItem(task, running, search)}</li>`;
  });
  const waits = clusters
    .flatMap((cluster) => [...cluster.services.values()])
    .map((service) => [service.serviceName, restarts.waitMs(service, now())] as const)
    .filter(([, waitMs]) => waitMs > 0);
  return pageSection({
    id: 'containers',
    title: 'Containers',
    count: items.length,
    lead: 'Each is a process of this machine. Stop one, and look at the records below and at the portal.',
    body: html`<ul class="rows" aria-label="Containers">${waits.map(waitItem)}${items}</ul>`,
  });
}

function waitItem([service, waitMs]: readonly [string, number]): Markup {
  const seconds = Math.ceil(waitMs / 1_000);
  return html`<li><div class="container"><span class="name">${service}</span><span class="badge unhealthy">waiting</span>
<span>its containers end soon after their start; the next begins in ${seconds} s</span></div></li>`;
}

function containerItem(task: Task, running: ContainerProcess | undefined, search: string): Markup {
  const service = task.group.replace(/^service:/, '');
  const id = task.containers[0]?.runtimeId?.slice(0, 12);
  const name = html`<span class="name">${service}${id === undefined ? undefined : html` <code class="quiet">${id}</code>`}</span>`;
  if (running === undefined) return html`<div class="container">${name}${stateOf(task)}</div>`;
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
function lastLines({ task, lines }: ContainerProcess, search: string): Markup | undefined {
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

function recordsSection({ zone }: Fleet): Markup {
  const rows = zone
    .list()
    .filter(({ Type }) => Type !== 'SOA' && Type !== 'NS')
    .map(({ Name, Type, TTL, Weight, ResourceRecords = [] }) => [
      html`<code>${relativeName(Name, zone)}</code>`,
      Type,
      html`<code>${ResourceRecords.map(({ Value }) => Value).join(' ')}</code>`,
      TTL,
      Weight,
    ]);
  return pageSection({
    id: 'records',
    title: 'Records',
    count: rows.length,
    lead: 'What the zone has, and the name server answers with; names are relative to the zone.',
    body: dataTable(
      'Records',
      [
        { title: 'Name' },
        { title: 'Type' },
        { title: 'Value' },
        { title: 'TTL', kind: 'number' },
        { title: 'Weight', kind: 'number' },
      ],
      rows,
    ),
  });
}

function relativeName(name: string, zone: Fleet['zone']): string {
  const end = `.${zone.name.replace(/\.$/, '')}.`;
  return name.endsWith(end) ? name.slice(0, -end.length) : name.replace(/\.$/, '');
}

function order(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
