import type { Settings } from '../config/settings.ts';
import { mannerOf } from './open-log.ts';
import type { Manner, Terminal } from './terminal.ts';

/** The streams of a process, which tell what a command has to tell as its settings say, once they are read. */
export class MannerlyTerminal implements Terminal {
  readonly stdin: Terminal['stdin'];
  readonly stdout: Terminal['stdout'];
  readonly stderr: Terminal['stderr'];
  readonly env: Terminal['env'];
  readonly argv: readonly string[];
  #manner: Manner | undefined;

  constructor({ stdin, stdout, stderr, env, argv = [] }: Terminal) {
    this.stdin = stdin;
    this.stdout = stdout;
    this.stderr = stderr;
    this.env = env;
    this.argv = argv;
  }

  readonly manner = (): Manner | undefined => this.#manner;

  heeding(settings: Settings): Settings {
    this.#manner = mannerOf(settings, this);
    return settings;
  }
}
