// Row 2: reading. The whole inventory and the whole zone through the SDK, beside a bare loop that fetches the
// same bytes over kept-alive connections and parses nothing. The answers are prebuilt bytes for both.
import { MIB, median } from '../support/figures.mjs';
import { runRow } from '../support/row.mjs';
import { flagsFor, runReader } from '../support/runs.mjs';
import { startSandbox } from '../support/sandbox.mjs';

const ENDPOINTS = process.argv[2] === 'quick' ? 10_000 : 100_000;
const ROUNDS = 3;

await runRow('Reading the inventory and the zone', async () => {
  const sandbox = startSandbox();
  try {
    const { zone } = await sandbox.fleet({ endpoints: ENDPOINTS, clusters: 10 });
    const access = await sandbox.serve();
    const flags = flagsFor(zone);
    // The first reading only tells what is asked, and has the answers built.
    await sandbox.record();
    await runReader({ kind: 'sdk', access, flags });
    const requests = await sandbox.record();
    await sandbox.account();
    const [sdk, bare] = [[], []];
    let sandboxCpuMs = 0;
    for (let round = 0; round < ROUNDS; round++) {
      sdk.push(await runReader({ kind: 'sdk', access, flags }));
      sandboxCpuMs += (await sandbox.account()).cpuMs;
      bare.push(await runReader({ kind: 'bare', access, requests }));
      await sandbox.account();
    }
    const of = (rounds, key) => median(rounds.map((round) => round[key]));
    const calls = requests.length;
    return {
      sandboxShare: sandboxCpuMs / ROUNDS / of(sdk, 'wallMs'),
      figures: [
        {
          id: 'reading-cpu-ratio',
          name: `CPU beside the bare loop, ${ENDPOINTS.toLocaleString('en-US')} endpoints`,
          value: of(sdk, 'cpuMs') / of(bare, 'cpuMs'),
          unit: '×',
        },
        {
          id: 'reading-wall-ratio',
          name: 'time beside the bare loop',
          value: of(sdk, 'wallMs') / of(bare, 'wallMs'),
          unit: '×',
        },
        { id: 'reading-cpu', name: 'CPU of reading', value: of(sdk, 'cpuMs') / 1000, unit: 's' },
        { id: 'reading-wall', name: 'time of reading', value: of(sdk, 'wallMs') / 1000, unit: 's' },
        { id: 'bare-cpu', name: 'CPU of the bare loop', value: of(bare, 'cpuMs') / 1000, unit: 's' },
        { id: 'reading-call', name: 'CPU of a call', value: of(sdk, 'cpuMs') / calls, unit: 'ms' },
        { id: 'reading-bytes', name: 'bytes read', value: bare[0].value.bytes / MIB, unit: 'MiB' },
        { id: 'reading-calls', name: 'calls', value: calls, unit: '' },
      ],
    };
  } finally {
    sandbox.close();
  }
});
