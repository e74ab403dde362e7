import type { ServiceDiscoveryClient } from '@aws-sdk/client-servicediscovery';
import { cloudMapService } from '../../../src/sandbox/cloud-map/cloud-map-service.ts';
import type { Json } from '../../../src/sandbox/service.ts';
import { type CloudMapApi, cloudMapApi } from '../../../src/sources/ecs/cloud-map-api.ts';
import { serviceError } from './errors.ts';
import { type Asked, sdkClient } from './sdk-client.ts';
import type { Session } from './session.ts';

/** Cloud Map as one run meets it. */
export function cloudMapOf(session: Session): CloudMapApi {
  const client = sdkClient(session, cloudMapService, (asked) => answer(asked, session));
  return cloudMapApi(client as unknown as ServiceDiscoveryClient);
}

function answer({ operation, input, call, carryOut }: Asked, session: Session): Json {
  const { world } = session;
  const { denied } = world.history.setup.registries ?? {};
  if (denied !== undefined && denied.from <= world.now && world.now < denied.until) {
    session.isDisturbed = true;
    throw serviceError('AccessDeniedException', `not authorized to perform: ${operation}`, 400);
  }
  const field = operation === 'servicediscovery:ListNamespaces' ? 'Namespaces' : 'Services';
  if (session.meets('empty', operation, call)) return { [field]: [] };
  const answered = carryOut(world.account, { ...input, MaxResults: world.history.setup.pageSize });
  const { NextToken, ...page } = answered;
  if (NextToken === undefined || session.meets('truncate', operation, call)) return page;
  const token = input['NextToken'];
  const isStuck = token !== undefined && session.meets('same-token', operation, call);
  return { ...page, NextToken: isStuck ? token : NextToken };
}
