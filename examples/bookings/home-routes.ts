import { type Environment, wholeNumber } from '../common/environment.ts';
import { fetchJson, type Told } from '../common/fetch-json.ts';
import { escapeHtml, pageAnswer } from '../common/html.ts';
import { codeOf, newResolver } from '../common/resolver.ts';
import type { Routes } from '../common/serve.ts';
import { newHits } from './hits.ts';

const ZONE = 'servicediscovery.internal';
const MOVIE_PORT = { byDefault: 8080, most: 65_535 };

/**
 * `GET /`: what is on, as the service `movie` tells, and how often the page was seen, as `redis` counts. Both have A
 * records in `ZONE`; `MOVIE_PORT` is where the first of them listens.
 */
export function homeRoutes(env: Environment): Routes {
  const zone = env['ZONE'] || ZONE;
  const port = wholeNumber(env, 'MOVIE_PORT', MOVIE_PORT);
  const resolver = newResolver(env);
  const hits = newHits(env);
  return {
    '/': async () => {
      const [movies, seen] = await Promise.all([
        fetchJson(resolver, `movie.${zone}`, port, '/movies').catch((error: unknown) => codeOf(error)),
        hits.count('home'),
      ]);
      const counted = seen === undefined ? 'redis does not answer' : `This page was seen ${times(seen)}.`;
      return pageAnswer('Bookings', `${LEAD}\n${programme(movies)}\n<p>${counted}</p>`);
    },
  };
}

const LEAD =
  '<p class="soft">A service tells what is on, and redis counts: both are found by their A records.</p>';

function programme(told: Told | string): string {
  if (typeof told === 'string') return `<p class="bad">The programme cannot be had: ${escapeHtml(told)}</p>`;
  const [movies, hits]: unknown[] = ['movies', 'hits'].map((key) => Reflect.get(Object(told.value), key));
  const items = (Array.isArray(movies) ? movies : []).map((one) => `<li>${escapeHtml(String(one))}</li>`);
  return `<ul>\n${items.join('\n')}\n</ul>
<p class="soft">told by container <code>${escapeHtml(told.container)}</code>, which was asked ${typeof hits === 'number' ? times(hits) : 'an unknown number of times'}</p>`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
