import type { Asked, Routes } from '../common/serve.ts';
import { calculate } from './calculate.ts';

/** `GET /calc?formula=…`, or `POST /calc` with the formula as the body or in a field of a form: its result. */
export const calcRoutes: Routes = {
  '/calc': (asked) => {
    const result = calculate(formulaOf(asked));
    return result.kind === 'number'
      ? { status: 200, body: `${result.value}\n` }
      : { status: 400, body: `${result.detail}\n` };
  },
};

function formulaOf({ method, url, headers, body }: Asked): string {
  if (method !== 'POST') return url.searchParams.get('formula') ?? '';
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return isForm ? (new URLSearchParams(body).get('formula') ?? '') : body.trim();
}
