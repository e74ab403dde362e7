import { afterAll, afterEach } from 'vitest';
import type { LoggedRequest } from '../src/sandbox/answer.ts';
import { REQUESTS } from '../src/sandbox/request-channel.ts';

/**
 * Fails every test in which a sandbox is asked to stop a task, unless that is what the test is about and it
 * says so: `stopsTasks()`. It is loaded before each test file, and sees every sandbox of its process.
 */
const undeclared: string[] = [];
let isDeclared = false;

REQUESTS.subscribe((message) => {
  const { operation, input } = message as LoggedRequest;
  if (operation === 'ecs:StopTask' && !isDeclared) undeclared.push(JSON.stringify(input));
});

/** Says that the test under way stops tasks. */
export function stopsTasks(): void {
  isDeclared = true;
}

/** Takes what was stopped without a word of it. */
export function takeUndeclaredStops(): readonly string[] {
  return undeclared.splice(0);
}

function check(): void {
  isDeclared = false;
  const stops = takeUndeclaredStops();
  if (stops.length > 0)
    throw new Error(`a task was stopped, and the test did not say so: ${stops.join(', ')}`);
}

afterEach(check);
afterAll(check);
