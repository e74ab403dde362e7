import { drawDeploy } from './deploy/picture.ts';
import type { Recording } from './deploy/recording.ts';

/** The pictures of `docs/a-deploy.md` by their names: one that moves, and one for readers who want no motion. */
export function deployPictures(recording: Recording): Readonly<Record<string, string>> {
  return {
    'a-deploy.svg': drawDeploy(recording, true),
    'a-deploy-still.svg': drawDeploy(recording, false),
  };
}
