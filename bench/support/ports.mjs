// The parts of the worker, put together as `worker.ts` does, for rows that measure or wrap one of them.
import { createAwsClients } from '../../dist/aws/aws-clients.js';
import { systemClock } from '../../dist/aws/system-clock.js';
import { parseSettings } from '../../dist/config/parse-settings.js';
import { NO_JOURNAL } from '../../dist/journal/journal.js';
import { createProber } from '../../dist/probe/prober.js';
import { NO_PUBLISHER } from '../../dist/publish/publisher.js';
import { route53Api } from '../../dist/route53/route53-api.js';
import { createZone } from '../../dist/route53/zone-port.js';
import { ec2Api } from '../../dist/sources/ecs/ec2-api.js';
import { ecsApi } from '../../dist/sources/ecs/ecs-api.js';
import { createInventory } from '../../dist/sources/ecs/take-inventory.js';
import { createStateStore } from '../../dist/state/create-state-store.js';

const AS_IT_IS = { zone: (it) => it, ecs: (it) => it, ec2: (it) => it };

/**
 * Opens the worker's parts on the given access. `wraps` has a function for each part that is to be
 * another, and `paced` when requests are to be kept within AWS's quotas; `create` makes the ports of one run,
 * `definitions` is the cache of task definitions.
 */
export function openParts(flags, access, wraps = {}) {
  const wrap = { ...AS_IT_IS, ...wraps };
  const settings = parseSettings({ env: {}, flags });
  const clients = createAwsClients(access, { paced: wrap.paced ?? false });
  const { zone, clusters, health } = settings;
  return {
    settings,
    clients,
    async create(definitions) {
      const ecs = wrap.ecs(ecsApi(clients.ecs));
      const ec2 = wrap.ec2(ec2Api(clients.ec2));
      return {
        zone: wrap.zone(createZone(zone, route53Api(clients.route53, clients.route53Changes), systemClock)),
        inventory: createInventory({ ecs, ec2, region: access.region, clusters, definitions }),
        prober: createProber({ ...health, ...wrap.probing }, systemClock),
        journal: NO_JOURNAL,
        publisher: NO_PUBLISHER,
        state: await createStateStore(settings.state, clients, () => {}),
        clock: systemClock,
      };
    },
  };
}
