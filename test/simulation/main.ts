import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { withSections } from '../../scripts/pages/decision-pages.ts';
import { comparePaces } from './compare-paces.ts';
import { generate } from './generate.ts';
import { FAULT_KINDS } from './history.ts';
import { type Catch, catchMutants, renderCatch, renderTable } from './mutants/catch.ts';
import { SHAPE_KINDS } from './shapes.ts';
import { renderSurvey, renderViolation, survey } from './survey.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    mutants: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    document: { type: 'string' },
    shown: { type: 'string', default: '10' },
    without: { type: 'string', multiple: true, default: [] },
    with: { type: 'string', multiple: true, default: [] },
  },
});

/** So many histories are enough to tell how soon the zone follows. */
const PACED = 300;

const histories = Number(values.histories);
const seed = Number(values.seed);
const shown = Number(values.shown);
const choice = { without: values.without, always: SHAPE_KINDS.filter((kind) => values.with.includes(kind)) };
const shapes: readonly string[] = SHAPE_KINDS;
const names = [...FAULT_KINDS, ...shapes];
// Faults are drawn in every history; a shape alone can be asked for.
refuseUnknown('--with', values.with, shapes);
refuseUnknown('--without', values.without, names);
const write = (text: string) => process.stdout.write(`${text}\n`);

if (values.mutants) {
  const missed: string[] = [];
  let isAny = false;
  for await (const one of catchMutants(seed, histories, { only: values.only, choice })) {
    isAny = true;
    write(renderCatch(one));
    if (values.document !== undefined) document(values.document, one);
    if (one.caught < one.rows) missed.push(one.mutant);
  }
  for (const mutant of missed) write(`not caught in every row: ${mutant}`);
  if (missed.length > 0 || !isAny) process.exitCode = 1;
} else {
  const found = await survey(seed, histories, choice);
  for (const { seed: one } of found.broken.slice(0, shown))
    write(await renderViolation(generate(one, choice)));
  for (const { seed: one, violation } of found.broken.slice(shown)) {
    write(`seed ${one}: ${violation.invariant}: ${violation.detail}`);
  }
  write(renderSurvey(found));
  write(await comparePaces(seed, Math.min(histories, PACED), choice));
  if (found.broken.length > 0) process.exitCode = 1;
}

function refuseUnknown(option: string, asked: readonly string[], known: readonly string[]): void {
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new RangeError(`${option} ${unknown.join(', ')}: there are ${known.join(', ')}`);
}

/** Puts the row of one mutant in its place in a document, so that nothing is lost of what is broken off. */
function document(file: string, one: Catch): void {
  const text = readFileSync(file, 'utf8');
  const before = text.slice(text.indexOf('<!-- mutants: begin -->'), text.indexOf('<!-- mutants: end -->'));
  writeFileSync(
    file,
    withSections(text, { mutants: renderTable(before, new Map([[one.mutant, renderCatch(one)]])) }),
  );
}
