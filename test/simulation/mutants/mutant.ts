import type { Prober } from '../../../src/probe/prober.ts';
import type { Route53Api } from '../../../src/route53/route53-api.ts';
import type { FleetPorts, Ports } from '../../../src/run/ports.ts';
import type { RunOptions } from '../../../src/run/run.ts';
import type { Ec2Api } from '../../../src/sources/ecs/ec2-api.ts';
import type { EcsApi } from '../../../src/sources/ecs/ecs-api.ts';
import type { Session } from '../aws/session.ts';
import type { ShapeKind } from '../shapes.ts';

/** What a broken worker may know in addition to what passes through it; `memory` lives as long as the process. */
export interface MutantContext {
  readonly session: Session;
  readonly memory: Map<string, unknown>;
}

/** A worker that is broken in one way, by what lies between its parts. */
export interface Mutant {
  readonly name: string;
  /** Whether it removes what is not in its plan, so that its own account says nothing of it. */
  readonly goesBeyondPlan: boolean;
  /** Shapes of the world without which it would hardly ever show. */
  readonly worlds: readonly ShapeKind[];
  /** The worker that does not break what this one does, if that is not the worker as it is. */
  readonly besides?: Mutant;
  ecs(api: EcsApi, context: MutantContext): EcsApi;
  ec2(api: Ec2Api, context: MutantContext): Ec2Api;
  route53(api: Route53Api, context: MutantContext): Route53Api;
  prober(prober: Prober, context: MutantContext): Prober;
  ports(ports: Ports, context: MutantContext): Ports;
  /** Of a run of scopes, in addition to what is broken of every run. */
  look(ports: FleetPorts, context: MutantContext): FleetPorts;
  options(options: RunOptions): RunOptions;
}

/** The worker as it is. */
export const HONEST: Mutant = {
  name: 'none',
  goesBeyondPlan: false,
  worlds: [],
  ecs: (api) => api,
  ec2: (api) => api,
  route53: (api) => api,
  prober: (prober) => prober,
  ports: (ports) => ports,
  look: (ports) => ports,
  options: (options) => options,
};

/** A worker that differs from the honest one in the given parts. */
export function mutant(name: string, parts: Partial<Omit<Mutant, 'name'>>): Mutant {
  return { ...HONEST, ...parts, name };
}
