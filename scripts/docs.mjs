// Writes the documents, or parts of them, that follow from the code; with --check it only compares and
// fails on a difference.
import { readFileSync, writeFileSync } from 'node:fs';
import { settingsJsonSchema, settingsMarkdown } from '../dist/config/settings-docs.js';
import { decisionSections, withSections } from '../dist/report/decision-docs.js';

const locate = (name) => new URL(`../${name}`, import.meta.url);

const documents = [
  ['docs/settings.md', settingsMarkdown()],
  ['docs/settings.schema.json', settingsJsonSchema()],
  ['docs/decisions.md', withSections(readFileSync(locate('docs/decisions.md'), 'utf8'), decisionSections())],
];

function readIfPresent(name) {
  try {
    return readFileSync(locate(name), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (process.argv.includes('--check')) {
  const stale = documents.filter(([name, text]) => readIfPresent(name) !== text).map(([name]) => name);
  if (stale.length > 0) {
    console.error(`out of date: ${stale.join(', ')}; write anew with: npm run docs`);
    process.exitCode = 1;
  }
} else {
  for (const [name, text] of documents) writeFileSync(locate(name), text);
}
