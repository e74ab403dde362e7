import { expect, test } from 'vitest';
import { renderText } from '../../src/report/render-text.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { widthOf } from '../../src/report/wrap.ts';
import { generateFleet } from '../../src/sandbox/fleet/generate-fleet.ts';
import { runHere } from '../cli/support.ts';
import { serve, ZONE_NAME } from './support.ts';

function wordsOf(text: string): readonly string[] {
  return text.split(/[ \n]+/).filter((word) => word !== '');
}

test('the report on the sample fleet fits 80 and 200 columns, and has the same words in each', async () => {
  const fleet = generateFleet();
  const server = await serve(fleet.world);
  const args = ['plan', '--all', '--no-health-enabled', '--output', 'json', '--zone', ZONE_NAME];
  const report = reportSchema.parse(JSON.parse((await runHere(args, server.url)).stdout));

  const [narrow, wide, piped] = [80, 200, undefined].map((width) =>
    renderText(report, { color: false, width }),
  );

  expect(report.entries.length).toBeGreaterThan(50);
  for (const [text = '', width] of [
    [narrow, 80],
    [wide, 200],
  ] as const)
    expect(text.split('\n').filter((line) => widthOf(line) > width && wordsOf(line).length > 1)).toEqual([]);
  const withoutHeads = (text = '') => wordsOf(text.replaceAll(/^ +(?:STATUS|REASON) .*$/gm, ''));
  expect(withoutHeads(narrow)).toEqual(withoutHeads(piped));
  expect(withoutHeads(wide)).toEqual(withoutHeads(piped));
});
