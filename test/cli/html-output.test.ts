import { describe, expect, test } from 'vitest';
import { addService, newFleet, serve, ZONE_NAME } from '../end-to-end/support.ts';
import { runHere } from './support.ts';

const ENV = { ECS_DNS_ZONE: ZONE_NAME, ECS_DNS_HEALTH_ENABLED: 'false', ECS_DNS_OUTPUT: 'html' };

async function serveFleet() {
  const fleet = newFleet();
  addService(fleet, '_orders._tcp', { live: 4, stale: 2 });
  return serve(fleet.world);
}

test.each([
  { args: ['plan'], says: 'A run would remove 2 entries.' },
  { args: ['apply', '--yes'], says: 'The run was to remove 2 entries: 2 changes applied' },
])('$args prints one page, and nothing else', async ({ args, says }) => {
  const server = await serveFleet();

  const { code, stdout, stderr } = await runHere(args, server.url, { env: ENV });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(stdout).toContain(says);
});

describe('other pages', () => {
  test('explain shows an entry with all that leads to its verdict', async () => {
    const server = await serveFleet();

    const { code, stdout } = await runHere(['explain', '_orders._tcp'], server.url, { env: ENV });
    const text = textOf(stdout);

    expect(code).toBe(0);
    expect(text).toMatch(/^Explanation _orders\._tcp servicediscovery\.internal\. \(Z\w+\) .* 6 entries\./);
    expect(text).toMatch(
      /stale task-gone : a run would remove the entry\. Meaning nothing runs that the entry could lead to/,
    );
    expect(text).toMatch(
      /Guardrails passes inventory-incomplete .* A run would DELETE _orders\._tcp\.servicediscovery\.internal\. SRV 1 1 /,
    );
    expect(text).toMatch(/live running : the entry stays\./);
    expect(text).toMatch(
      /Match the entry leads to a running container; .* Container \S+ [0-9a-f]{12}, running/,
    );
    // What programs read is the JSON's.
    expect(text).not.toMatch(/[{}]|"|timeoutMs|ResourceRecords/);
  });

  test('explain shows what is not in the zone', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 1 });
    fleet.run(service, { machine: fleet.machine(service.cluster, 1) });
    const server = await serve(fleet.world);

    const { stdout } = await runHere(['explain', '_orders._tcp', '--policy', 'sync'], server.url, {
      env: ENV,
    });

    expect(textOf(stdout)).toMatch(
      /1 entry, and 1 record that is not there\..* to register _orders\._tcp .* missing/,
    );
  });

  test('compare shows what only the switch brings about, record set by record set', async () => {
    const fleet = newFleet();
    const { service } = addService(fleet, '_orders._tcp', { live: 2, stale: 1 });
    fleet.run(service, { machine: fleet.machine(service.cluster, 1) });
    const server = await serve(fleet.world);

    const { code, stdout } = await runHere(['compare', '--all'], server.url, { env: ENV });
    const text = textOf(stdout);

    expect(code).toBe(0);
    expect(text).toContain(
      'The switch would register 3 records, rewrite 0, remove 0, and leave 2 as they are.',
    );
    expect(text).toMatch(/The switch Setting Now After the switch policy prune sync/);
    expect(text).toMatch(/Only with the switch: registered 3 .* new _orders\._tcp .* SetIdentifier then ip-/);
    expect(text).toMatch(
      /With the switch or without: removed 1 .* nothing runs that the entry could lead to, .* task-gone SetIdentifier now ip-/,
    );
    expect(text).toMatch(/Left as they are 2 .* live _orders/);
  });
});

/** What is to be read in a page. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>')).replaceAll('&quot;', '"');
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('a command that prints no page says so before AWS is asked', () => {
  test.each(['check 127.0.0.1:1', 'doctor', 'watch', 'agent'])('%s', async (command) => {
    const server = await serveFleet();
    const [name = ''] = command.split(' ');

    const { code, stdout, stderr } = await runHere(command.split(' '), server.url, { env: ENV });

    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `ecs-dns: output: "html" is no form that ${name} prints; write text or json\n`,
    });
    expect(server.log).toEqual([]);
  });
});
