import { expect, it } from 'vitest';
import { inMemoryEc2, inMemoryEcs, many, registration, takeFrom, task } from './support.ts';

it('machines are described before the tasks on them: ECS has counted whatever is found running later', async () => {
  const instances = many(250, (index) => registration(index));
  const ecs = inMemoryEcs({ clusters: { blue: { tasks: many(350, (index) => task(index)), instances } } });
  let answered = 0;
  const seen: number[] = [];
  await takeFrom(
    {
      ...ecs,
      describeContainerInstances: async (...asked) => {
        const answer = await ecs.describeContainerInstances(...asked);
        // The tasks are listed long before the machines have told anything.
        await new Promise((resolve) => setImmediate(resolve));
        answered += 1;
        return answer;
      },
      describeTasks: (...asked) => {
        seen.push(answered);
        return ecs.describeTasks(...asked);
      },
    },
    inMemoryEc2({}),
  );
  expect(seen).toEqual([3, 3, 3, 3]);
});
