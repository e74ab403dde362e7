import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withSections } from '../../scripts/pages/decision-pages.ts';
import { generate } from './generate.ts';
import { FAULT_KINDS } from './history.ts';
import { catchMutants, renderCatches } from './mutants/catch.ts';
import { renderSurvey, renderViolation, survey } from './survey.ts';

const MAX_SHOWN = 10;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string' },
    document: { type: 'string' },
    without: { type: 'string', multiple: true, default: [] },
  },
});

const histories = Number(values.histories);
const seed = Number(values.seed);
const without = FAULT_KINDS.filter((kind) => values.without.includes(kind));
const write = (text: string) => process.stdout.write(`${text}\n`);

if (values.mutants) {
  const catches = await catchMutants(seed, histories, { only: values.only, without });
  write(renderCatches(catches));
  if (values.document !== undefined) document(values.document, renderCatches(catches));
  const missed = catches.filter(({ caught }) => caught === 0);
  for (const { mutant } of missed) write(`not caught: ${mutant}`);
  if (missed.length > 0 || catches.length === 0) process.exitCode = 1;
} else {
  const found = await survey(seed, histories, without);
  for (const { seed: one } of found.broken.slice(0, MAX_SHOWN))
    write(await renderViolation(generate(one, without)));
  for (const { seed: one, violation } of found.broken.slice(MAX_SHOWN)) {
    write(`seed ${one}: ${violation.invariant}: ${violation.detail}`);
  }
  write(renderSurvey(found));
  if (found.broken.length > 0) process.exitCode = 1;
}

/** Puts the table of mutants in its location in a document. */
function document(file: string, mutants: string): void {
  writeFileSync(file, withSections(readFileSync(file, 'utf8'), { mutants }));
}
