// Row 6: a whole run. 5 % of the zone stale, 1 % of the endpoints hanging and 1 % refusing, under the stricter of
// the quotas and with latency, on one processor and with the time that a Lambda of five minutes has. The
// phases are what the sandbox sees of them: from the first to the last request or connection of each.
import { total } from '../support/figures.mjs';
import { quotaFloor } from '../support/quota-floor.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, hasTaskset, lambdaFlags, runWorker } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const ENDPOINTS = Number(process.argv[2] ?? 100_000);
const [QUOTAS, LATENCY_MS, ALLOWED_MS] = ['older', 30, 300_000];
// A whole vCPU is what Lambda gives at this many megabytes.
const ONE_VCPU_MB = 1_769;

const PHASES = {
  'route53:ListResourceRecordSets': 'zone read',
  'ecs:ListTasks': 'tasks listed',
  'ecs:DescribeTasks': 'tasks described',
  'ecs:DescribeTaskDefinition': 'task definitions read',
  'ec2:DescribeInstances': 'hosts looked up',
  probes: 'endpoints probed',
  'ecs:DescribeServices': 'grace periods read',
  'route53:ChangeResourceRecordSets': 'changes applied',
};

await runRow('Whole run', async () => {
  const sandbox = startSandbox();
  try {
    const fleet = await sandbox.fleet(
      { endpoints: ENDPOINTS, clusters: 20, stalePercent: 5, hangingPercent: 1, refusingPercent: 1 },
      { listen: true },
    );
    const access = await sandbox.serve({ quotas: QUOTAS, latencyMs: LATENCY_MS });
    const { runs, maxRssBytes } = await runWorker({
      access,
      flags: flagsFor(fleet.zone),
      mode: 'apply',
      paced: true,
      allowedMs: ALLOWED_MS,
      nodeFlags: lambdaFlags(ONE_VCPU_MB),
      oneCpu: true,
    });
    const { calls, rejected, phases, share } = await sandbox.account();
    const [run] = runs;
    const { stale, unhealthy, applied } = run.summary;
    const expected = fleet.reasons.stale + fleet.reasons.unhealthy;
    const size = ENDPOINTS.toLocaleString('en-US');
    return {
      table: phaseTable(phases),
      series: phaseTable(phases),
      sandboxShare: share,
      oneCpu: hasTaskset(),
      figures: [
        {
          id: 'whole-seconds',
          name: `${size} endpoints`,
          value: run.wallMs / 1000,
          unit: 's',
          goal: { most: 300 },
        },
        { id: 'whole-cpu', name: 'CPU', value: run.cpuMs / 1000, unit: 's' },
        {
          id: 'whole-forced',
          name: 'what the quotas alone force',
          value: quotaFloor(fleet.least, QUOTAS).ms / 1000,
          unit: 's',
        },
        {
          id: 'whole-removed',
          name: 'of what had to go, removed',
          value: applied / expected,
          unit: '%',
          goal: { least: 1 },
        },
        {
          id: 'whole-verdicts',
          name: 'stale and unhealthy entries that were planted, found',
          value: (stale + unhealthy) / expected,
          unit: '%',
          goal: { exactly: 1 },
        },
        {
          id: 'whole-rejected',
          name: 'calls rejected',
          value: rejected / total(calls),
          unit: '%',
          goal: { most: 0.02 },
        },
        {
          id: 'whole-calls',
          name: 'calls over the least possible',
          value: total(calls) / total(fleet.least),
          unit: '×',
        },
        { id: 'whole-peak', name: 'peak RSS', value: maxRssBytes / 1024 / 1024, unit: 'MiB' },
      ],
    };
  } finally {
    sandbox.close();
  }
});

/** Seconds since the first request of the run. */
function phaseTable(phases) {
  const start = Math.min(...Object.values(phases).map(({ from }) => from));
  return Object.entries(PHASES)
    .filter(([name]) => phases[name] !== undefined)
    .map(([name, phase]) => ({
      phase,
      from: (phases[name].from - start) / 1000,
      to: (phases[name].to - start) / 1000,
    }));
}
