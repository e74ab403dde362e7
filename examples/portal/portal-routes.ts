import type { Environment } from '../common/environment.ts';
import { newResolver } from '../common/resolver.ts';
import type { Routes } from '../common/serve.ts';
import { ask, faultOf } from './ask.ts';
import { type Discovery, newDiscovery } from './discovery.ts';
import { type Listing, portalPage } from './portal-page.ts';

const ZONE = 'servicediscovery.internal';
const FORMAT = 'HH:mm:ss [on] D MMMM YYYY';
const FORMULA = '6 * (3 + 4)';

/**
 * `GET /`: what *time* says in the format, and *calc* to the formula, each asked where DNS says that it is. `ZONE` is
 * where their names are; `TIME_USER` and `TIME_PASSWORD` go with each question to *time*.
 */
export function portalRoutes(env: Environment): Routes {
  const zone = env['ZONE'] || ZONE;
  const [time, calc] = [`_time._tcp.${zone}`, `_calc._tcp.${zone}`];
  const discovery = newDiscovery(newResolver(env));
  const headers = credentials(env);
  return {
    '/': async ({ url: { searchParams } }) => {
      const format = searchParams.get('format') || FORMAT;
      const formula = searchParams.get('formula') || FORMULA;
      const [told, result, ...listings] = await Promise.all([
        ask(discovery, time, `/time?${new URLSearchParams({ format }).toString()}`, headers),
        ask(discovery, calc, `/calc?${new URLSearchParams({ formula }).toString()}`),
        list(discovery, time),
        list(discovery, calc),
      ]);
      return portalPage({ format, formula, told, result, listings });
    },
  };
}

function credentials(env: Environment): Readonly<Record<string, string>> {
  const [user = '', password = ''] = [env['TIME_USER'], env['TIME_PASSWORD']];
  if (user === '') return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

async function list(discovery: Discovery, name: string): Promise<Listing> {
  try {
    return { name, places: await discovery.list(name), fault: undefined };
  } catch (error) {
    return { name, places: [], fault: faultOf(error, name) };
  }
}
