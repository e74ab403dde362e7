import { type Environment, wholeNumber } from '../common/environment.ts';
import { fetchJson, type Told } from '../common/fetch-json.ts';
import { escapeHtml, pageAnswer } from '../common/html.ts';
import { codeOf, newResolver } from '../common/resolver.ts';
import type { Routes } from '../common/serve.ts';

const ZONE = 'servicediscovery.internal';
const BALANCER_PORT = { byDefault: 80, most: 65_535 };

/**
 * `GET /`: what there is and what it costs, asked of two services behind load balancers, to which their CNAMEs in `ZONE`
 * lead. `BALANCER_PORT` is where these listen.
 */
export function shopRoutes(env: Environment): Routes {
  const zone = env['ZONE'] || ZONE;
  const port = wholeNumber(env, 'BALANCER_PORT', BALANCER_PORT);
  const resolver = newResolver(env);
  const question = (name: string): Promise<Told | string> =>
    fetchJson(resolver, `${name}.${zone}`, port, `/${name}`).catch(
      (error: unknown) => `${name}.${zone} does not answer: ${codeOf(error)}`,
    );
  return {
    '/': async () => {
      const [goods, prices] = await Promise.all([question('goods'), question('prices')]);
      const faults = [goods, prices].filter((one) => typeof one === 'string');
      const body = typeof goods === 'string' ? '' : goodsTable(goods, prices);
      const told = faults.map((fault) => `<p class="bad">${escapeHtml(fault)}</p>`).join('\n');
      return pageAnswer('Shop', `${LEAD}\n${body}\n${told}`, faults.length === 0 ? 200 : 502);
    },
  };
}

const LEAD =
  '<p class="soft">Two services answer, each found by the CNAME that leads to its load balancer.</p>';

function goodsTable(goods: Told, prices: Told | string): string {
  const costs = typeof prices === 'string' ? {} : Object(prices.value);
  const rows = (Array.isArray(goods.value) ? goods.value : []).map((one: unknown) => {
    const [id, name] = ['id', 'name'].map((key) => String(Reflect.get(Object(one), key)));
    const cents: unknown = Object.hasOwn(costs, id ?? '') ? Reflect.get(costs, id ?? '') : undefined;
    const cost = typeof cents === 'number' ? (cents / 100).toFixed(2) : 'price on demand';
    return `<tr><td>${escapeHtml(name ?? '')}</td><td class="number">${cost}</td></tr>`;
  });
  const by = [goods, prices].flatMap((one) => (typeof one === 'string' ? [] : escapeHtml(one.container)));
  return `<table>
<thead><tr><th>Goods</th><th class="number">Price</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
<p class="soft">told by the containers ${by.map((id) => `<code>${id}</code>`).join(' and ')}</p>`;
}
