import type { Intercept, Reply, SandboxRequest } from '../../src/sandbox/answer.ts';
import { AwsError } from '../../src/sandbox/error-answer.ts';
import type { Json, WireResponse } from '../../src/sandbox/service.ts';
import type { World } from '../../src/sandbox/world/world.ts';

/** A request as fault rules see it; `operation` with its service, such as `ecs:ListTasks`. */
export type FaultRequest = Pick<SandboxRequest, 'operation' | 'input'>;

/**
 * | kind             | carried out | answer                                              |
 * |------------------|-------------|-----------------------------------------------------|
 * | error            | no          | this error                                          |
 * | throttle         | no          | the service's own throttling error                  |
 * | drop             | no          | none, the connection is destroyed                   |
 * | hang             | no          | none, ever                                          |
 * | reply            | as it says  | these bytes, whatever they are                      |
 * | deliver          | yes         | the true one, sent in an odd way                    |
 * | apply-then-drop  | yes         | none, the connection is destroyed: a lost reply     |
 * | apply-then-error | yes         | this error, 500 by default                          |
 * | before           | yes         | the true one, after the world was changed           |
 * | transform        | yes         | what the function makes of a copy of the true one   |
 */
export type FaultEffect =
  | { readonly kind: 'error'; readonly code: string; readonly status?: number; readonly message?: string }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'reply'; readonly body: string; readonly isCarriedOut?: boolean }
  | { readonly kind: 'deliver'; readonly delivery: NonNullable<WireResponse['delivery']> }
  | { readonly kind: 'apply-then-drop' }
  | {
      readonly kind: 'apply-then-error';
      readonly code?: string;
      readonly status?: number;
      readonly message?: string;
    }
  | { readonly kind: 'before'; readonly before: (world: World, request: FaultRequest) => void }
  | { readonly kind: 'transform'; readonly transform: (output: Json, request: FaultRequest) => Json };

/** `operation` is `service:Operation`, `service:*` or `*`; `times` counts the requests it fires for. */
export interface FaultRule {
  readonly operation: string;
  readonly when?: (request: FaultRequest) => boolean;
  readonly times?: number;
  readonly effect: FaultEffect;
}

/** The effects one request meets, in the order in which their rules were added. */
interface FiredEffects {
  readonly decisive: Exclude<FaultEffect, { kind: 'before' | 'transform' }> | undefined;
  readonly before: readonly Extract<FaultEffect, { kind: 'before' }>[];
  readonly transforms: readonly Extract<FaultEffect, { kind: 'transform' }>[];
}

/** The rules in force: all hooks that match fire, and of the others the first. */
export class FaultPlan {
  readonly #rules: { readonly rule: FaultRule; left: number }[] = [];

  /** Adds a rule; the function returned takes it away again. */
  add(rule: FaultRule): () => void {
    const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
    this.#rules.push(entry);
    return () => {
      entry.left = 0;
    };
  }

  /** Lets a request meet the rules; what no rule is for goes on to the next one. */
  meet(request: SandboxRequest, next: Intercept): Reply {
    const effects = this.#fire(request);
    const { decisive, before, transforms } = effects;
    if (decisive?.kind === 'drop' || decisive?.kind === 'hang') return decisive.kind;
    if (decisive?.kind === 'throttle') throw request.throttled();
    if (decisive?.kind === 'error') throw faultError(decisive, 400);
    if (decisive === undefined)
      return before.length + transforms.length === 0 ? next(request) : carryOut(request, effects);
    if (decisive.kind === 'reply') {
      if (decisive.isCarriedOut === true) carryOutUnseen(request, effects);
      return { status: 200, contentType: 'text/html', body: decisive.body };
    }
    if (decisive.kind === 'deliver') return { ...carryOut(request, effects), delivery: decisive.delivery };
    carryOutUnseen(request, effects);
    if (decisive.kind === 'apply-then-drop') return 'drop';
    throw faultError(decisive, 500);
  }

  #fire(request: FaultRequest): FiredEffects {
    let decisive: FiredEffects['decisive'];
    const before: Extract<FaultEffect, { kind: 'before' }>[] = [];
    const transforms: Extract<FaultEffect, { kind: 'transform' }>[] = [];
    for (const entry of this.#rules) {
      if (entry.left < 1 || !matches(entry.rule, request)) continue;
      const { effect } = entry.rule;
      if (effect.kind === 'before') before.push(effect);
      else if (effect.kind === 'transform') transforms.push(effect);
      else if (decisive === undefined) decisive = effect;
      else continue;
      entry.left -= 1;
    }
    return { decisive, before, transforms };
  }
}

function matches(rule: FaultRule, request: FaultRequest): boolean {
  const [service] = request.operation.split(':');
  const named = [request.operation, `${service}:*`, '*'].includes(rule.operation);
  return named && (rule.when?.(request) ?? true);
}

function carryOut(request: SandboxRequest, { before, transforms }: FiredEffects): WireResponse {
  for (const effect of before) effect.before(request.world, request);
  return request.answer((output) =>
    transforms.reduce((said, effect) => effect.transform(structuredClone(said), request), output),
  );
}

// Whether the operation itself was refused is lost with its reply, too.
function carryOutUnseen(request: SandboxRequest, effects: FiredEffects): void {
  try {
    carryOut(request, effects);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
  }
}

function faultError(
  effect: Extract<FaultEffect, { kind: 'error' | 'apply-then-error' }>,
  defaultStatus: number,
): AwsError {
  const code = effect.code ?? 'InternalFailure';
  const message = effect.message ?? `The sandbox was told to answer ${code}.`;
  return new AwsError(code, message, effect.status ?? defaultStatus);
}
