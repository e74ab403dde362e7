import { execFile } from 'node:child_process';

/** What cfn-lint says about a template: nothing, if all is well; `undefined` where there is no cfn-lint. */
export function cfnLint(file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('cfn-lint', ['--', file], (error, stdout, stderr) => {
      resolve(error?.code === 'ENOENT' ? undefined : `${stdout}${stderr}`.trim());
    });
  });
}
