import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { runHere } from './support.ts';

/** What a schema of docs/schemas has against a document; nothing of the code is asked. */
async function faultsOf(schema: string, document: unknown): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../docs/schemas/${schema}.schema.json`, import.meta.url), 'utf8');
  // The patterns say what the formats say.
  const validate = new Ajv({ allErrors: true, validateFormats: false, allowUnionTypes: true }).compile(
    JSON.parse(text),
  );
  validate(document);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Every kind of document, each as its command has printed it for one fleet. */
async function printDocuments() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  const server = await serve(fleet.world);
  const topic = fleet.world.addTopic('ecs-dns');
  const journal = await temporaryDirectory();
  const env = { ECS_DNS_ZONE: ZONE_NAME, ECS_DNS_HEALTH_ENABLED: 'false', ECS_DNS_JOURNAL: journal };
  const print = async (...args: readonly string[]): Promise<unknown> => {
    const { stdout } = await runHere([...args, '--output', 'json'], server.url, { env });
    return JSON.parse(stdout);
  };
  const looks = {
    report: await print('plan', '--all'),
    check: await print('check', '127.0.0.1:1'),
    explanation: await print('explain', '_orders._tcp'),
    comparison: await print('compare', '--all'),
    doctor: await print('doctor'),
  };
  const planFile = join(await temporaryDirectory(), 'plan.json');
  await print('plan', '--out', planFile);
  await print('apply', '--yes', '--notices-topic', topic, '--guardrails-removal-budget-percent', '100');
  const [message] = fleet.world.topics.get(topic) ?? [];
  const file = join(journal, (await readdir(journal))[0] ?? '');
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  return {
    ...looks,
    restore: await print('restore', file, '--dry-run'),
    notice: JSON.parse(String(message?.byProtocol['sqs'])),
    'plan-file': JSON.parse(await readFile(planFile, 'utf8')),
    'journal-line': JSON.parse(lines[0] ?? ''),
  };
}

test('what the commands print is as the JSON schemas of the documentation say', async () => {
  const documents = await printDocuments();

  for (const [schema, document] of Object.entries(documents)) {
    expect(await faultsOf(schema, document), schema).toEqual([]);
    expect(await faultsOf(schema, { ...Object(document), version: 2 }), schema).not.toEqual([]);
  }
  expect(await readdir('docs/schemas')).toEqual(
    Object.keys(documents)
      .map((name) => `${name}.schema.json`)
      .toSorted(),
  );
});
