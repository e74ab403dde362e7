import { execFile } from 'node:child_process';

/** What cfn-lint says about a template, but for these rules: nothing, if all is well; `undefined` where it is not there. */
export function cfnLint(file: string, ignored: readonly string[] = []): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(
      'cfn-lint',
      [...ignored.flatMap((rule) => ['--ignore-checks', rule]), '--', file],
      (error, stdout, stderr) => {
        resolve(error?.code === 'ENOENT' ? undefined : `${stdout}${stderr}`.trim());
      },
    );
  });
}
