import { expect, it } from 'vitest';
import { NO_GRACE } from '../../src/model/inventory.ts';
import { NOT_PROBED, type ProbeOutcome } from '../../src/model/probe.ts';
import { heardSoFar } from '../../src/plan/heard-so-far.ts';
import type { Observation } from '../../src/plan/observation.ts';
import { HTTP, host, inventory } from './support.ts';

const REFUSED: ProbeOutcome = {
  kind: 'unhealthy',
  reason: 'connection-refused',
  attempts: 1,
  durationMs: 1,
};
const SILENT: ProbeOutcome = { kind: 'unhealthy', reason: 'timeout', attempts: 1, durationMs: 1 };

/** Stale entries by their names, on hosts that are there, and what they have answered by now. */
function unheardOf(answered: Readonly<Record<string, ProbeOutcome>>) {
  const entries = Object.entries(answered);
  const answers = new Map(
    entries.map(([key, outcome], i) => [
      key,
      { target: { address: `10.0.0.${i + 1}`, port: 80, check: HTTP }, outcome },
    ]),
  );
  const hosts = entries.map((_, i) => host(i + 1));
  const observation = {
    inventory: inventory([], { hosts }),
    probeResults: { outcomes: new Map(), answers, grace: NO_GRACE },
  } as unknown as Observation;
  const { seen, unheard } = heardSoFar(observation);
  return { heard: [...seen.probeResults.answers.keys()], unheard: [...unheard] };
}

it('what is still asked is left out', () => {
  expect(unheardOf({ a: REFUSED, b: NOT_PROBED })).toEqual({ heard: ['a'], unheard: ['b'] });
});

it('so is a silence that tells nothing yet: what is still asked may bear it out', () => {
  expect(unheardOf({ a: SILENT, b: NOT_PROBED })).toEqual({ heard: [], unheard: ['a', 'b'] });
  expect(unheardOf({ a: SILENT, b: REFUSED })).toEqual({ heard: ['a', 'b'], unheard: [] });
});
