import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { parseSettings, type SettingsSources } from '../../src/config/parse-settings.ts';
import type { Settings } from '../../src/config/settings.ts';
import { SettingsError, type SettingsProblem } from '../../src/config/settings-error.ts';

/** A folder for config files; `remove` takes it away with all that is in it. */
export function configFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-dns-settings-'));
  let files = 0;
  return {
    folder,
    /** Writes a file as it is and gives its path. */
    write(content: string | Uint8Array, name = `settings-${files++}.yml`): string {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    /** Writes a file that holds these values, next to a valid zone. */
    writeValues(values: Readonly<Record<string, unknown>>): string {
      return this.write(stringify({ zone: 'example.com', ...values }));
    },
    remove(): void {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Settings from these sources, with a zone unless one of them sets it. */
export function load(sources: Partial<SettingsSources>): Settings {
  return parseSettings({ ...sources, env: { ECS_DNS_ZONE: 'example.com', ...sources.env } });
}

/** What is wrong with these sources; empty when nothing is. */
export function problemsOf(sources: SettingsSources): readonly SettingsProblem[] {
  return errorOf(sources)?.problems ?? [];
}

/** The lines of the message, the file's path replaced by `FILE`. */
export function linesOf(sources: SettingsSources): readonly string[] {
  const message = errorOf(sources)?.message;
  if (message === undefined) return [];
  return message.split('\n').map((line) => line.replaceAll(sources.file ?? 'FILE', 'FILE'));
}

function errorOf(sources: SettingsSources): SettingsError | undefined {
  try {
    parseSettings(sources);
    return undefined;
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
}
