import type { Random } from '../random.ts';
import type { RegistrySpec } from '../registry-setup.ts';
import { deployService } from './operations.ts';
import type { CloudMap } from './registries.ts';
import type { World } from './world.ts';

/** A service is given another registry of the same kind, which begins a deployment. */
export function changeRegistry(world: World, random: Random): void {
  const { cloudMap } = world;
  const index = registered(world, random);
  const [first] = cloudMap === undefined ? [] : cloudMap.registriesOf(index);
  if (cloudMap === undefined || first === undefined) return;
  const others = alike(first, cloudMap);
  if (others.length === 0) return;
  update(index, [{ ...first, discovery: random.pick(others) }], world, random);
}

/** A service loses its registries, which begins a deployment. */
export function takeRegistry(world: World, random: Random): void {
  const index = registered(world, random);
  if (index >= 0) update(index, [], world, random);
}

/** A service of Cloud Map goes while tasks are registered with it: its API refuses that, and what deletes instances first does it. */
export function deleteRegistry({ cloudMap, history, now, trace }: World, random: Random): void {
  if (cloudMap === undefined) return;
  const inUse = [...history.setup.services.keys()].flatMap((index) => cloudMap.registriesOf(index));
  const there = inUse.filter(({ discovery }) => !cloudMap.deletedAt.has(discovery));
  if (there.length === 0) return;
  const { discovery } = random.pick(there);
  trace?.(`Cloud Map loses ${cloudMap.setup.services[discovery]?.name}`);
  cloudMap.delete(discovery, now);
}

function registered({ cloudMap, history }: World, random: Random): number {
  const found = [...history.setup.services.keys()].filter(
    (index) => (cloudMap?.registriesOf(index).length ?? 0) > 0,
  );
  return found.length === 0 ? -1 : random.pick(found);
}

function alike(spec: RegistrySpec, cloudMap: CloudMap): readonly number[] {
  const types = cloudMap.discoveryOf(spec)?.types.join();
  return [...cloudMap.setup.services.keys()].filter(
    (index) =>
      index !== spec.discovery &&
      !cloudMap.deletedAt.has(index) &&
      cloudMap.setup.services[index]?.types.join() === types,
  );
}

function update(index: number, specs: readonly RegistrySpec[], world: World, random: Random): void {
  const spec = world.history.setup.services[index];
  if (spec === undefined) return;
  const names = specs.map((one) => world.cloudMap?.discoveryOf(one)?.name).join();
  world.trace?.(`service ${index} is registered with ${names === '' ? 'nothing' : names}`);
  world.cloudMap?.set(index, specs, spec, world.now);
  deployService(index, world, random);
}
