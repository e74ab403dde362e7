import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withSections } from '../../scripts/pages/decision-pages.ts';
import { generate } from './generate.ts';
import { FAULT_KINDS } from './history.ts';
import { catchMutants, renderCatches } from './mutants/catch.ts';
import { SHAPE_KINDS } from './shapes.ts';
import { renderSurvey, renderViolation, survey } from './survey.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string' },
    document: { type: 'string' },
    shown: { type: 'string', default: '10' },
    without: { type: 'string', multiple: true, default: [] },
    with: { type: 'string', multiple: true, default: [] },
  },
});

const histories = Number(values.histories);
const seed = Number(values.seed);
const shown = Number(values.shown);
const choice = { without: values.without, always: SHAPE_KINDS.filter((kind) => values.with.includes(kind)) };
const names: readonly string[] = [...FAULT_KINDS, ...SHAPE_KINDS];
const unknown = [...values.without, ...values.with].filter((name) => !names.includes(name));
if (unknown.length > 0) throw new RangeError(`no fault and no shape: ${unknown.join(', ')}`);
const write = (text: string) => process.stdout.write(`${text}\n`);

if (values.mutants) {
  const catches = await catchMutants(seed, histories, { only: values.only, choice });
  write(renderCatches(catches));
  if (values.document !== undefined) document(values.document, renderCatches(catches));
  const missed = catches.filter(({ caught }) => caught === 0);
  for (const { mutant } of missed) write(`not caught: ${mutant}`);
  if (missed.length > 0 || catches.length === 0) process.exitCode = 1;
} else {
  const found = await survey(seed, histories, choice);
  for (const { seed: one } of found.broken.slice(0, shown))
    write(await renderViolation(generate(one, choice)));
  for (const { seed: one, violation } of found.broken.slice(shown)) {
    write(`seed ${one}: ${violation.invariant}: ${violation.detail}`);
  }
  write(renderSurvey(found));
  if (found.broken.length > 0) process.exitCode = 1;
}

/** Puts the table of mutants in its location in a document. */
function document(file: string, mutants: string): void {
  writeFileSync(file, withSections(readFileSync(file, 'utf8'), { mutants }));
}
