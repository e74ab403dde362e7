import { createRequire } from 'node:module';

const manifest: unknown = createRequire(import.meta.url)('../../package.json');

export const VERSION: string =
  typeof manifest === 'object' && manifest !== null ? String(Reflect.get(manifest, 'version')) : '';
