import type { ContainerDefinition, ContainerOverride } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { allServiceNames, serviceMetadata, serviceNameOf } from '../../../src/sources/ecs/service-names.ts';

const env = (variables: Readonly<Record<string, string>>) =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));

describe('serviceMetadata', () => {
  it.each<[string, ContainerDefinition, ContainerOverride | undefined, Readonly<Record<string, string>>]>([
    ['nothing', {}, undefined, {}],
    ['a variable', { environment: env({ SERVICE_NAME: 'calc' }) }, undefined, { SERVICE_NAME: 'calc' }],
    ['a label', { dockerLabels: { SERVICE_NAME: 'calc' } }, undefined, { SERVICE_NAME: 'calc' }],
    [
      'a label over a variable',
      { environment: env({ SERVICE_NAME: 'variable' }), dockerLabels: { SERVICE_NAME: 'label' } },
      undefined,
      { SERVICE_NAME: 'label' },
    ],
    [
      'an override over a variable',
      { environment: env({ SERVICE_NAME: 'defined', SERVICE_80_NAME: 'stays' }) },
      { environment: env({ SERVICE_NAME: 'started with' }) },
      { SERVICE_NAME: 'started with', SERVICE_80_NAME: 'stays' },
    ],
    [
      'a label over an override',
      { dockerLabels: { SERVICE_NAME: 'label' } },
      { environment: env({ SERVICE_NAME: 'started with' }) },
      { SERVICE_NAME: 'label' },
    ],
    [
      'nothing of other variables',
      { environment: env({ PATH: '/bin', MY_SERVICE_NAME: 'x' }), dockerLabels: { service_name: 'x' } },
      undefined,
      {},
    ],
    [
      'nothing of a variable without a value',
      { environment: [{ name: 'SERVICE_NAME' }, { value: 'x' }] },
      undefined,
      {},
    ],
    [
      'values without blanks around',
      { environment: env({ SERVICE_NAME: ' calc\n' }) },
      undefined,
      { SERVICE_NAME: 'calc' },
    ],
  ])('has %s', (_, definition, override, metadata) => {
    expect(Object.fromEntries(serviceMetadata(definition, override))).toEqual(metadata);
  });
});

type Case = [string, Readonly<Record<string, string>>, number, number, string | undefined];

describe('serviceNameOf', () => {
  it.each<Case>([
    ['the name of the port', { SERVICE_80_NAME: '_calc._tcp' }, 80, 2, '_calc._tcp'],
    ['no name of another port', { SERVICE_80_NAME: '_calc._tcp' }, 81, 2, undefined],
    ['the general name of the only port', { SERVICE_NAME: 'calc' }, 80, 1, 'calc'],
    ['no general name with two ports', { SERVICE_NAME: 'calc' }, 80, 2, undefined],
    [
      'the name of the port over the general one',
      { SERVICE_NAME: 'calc', SERVICE_80_NAME: 'web' },
      80,
      1,
      'web',
    ],
    [
      'the general name where that of the port is empty',
      { SERVICE_NAME: 'calc', SERVICE_80_NAME: '' },
      80,
      1,
      'calc',
    ],
    ['no empty name', { SERVICE_NAME: '' }, 80, 1, undefined],
    ['nothing from nothing', {}, 80, 1, undefined],
    ['a normalised name', { SERVICE_80_NAME: '_Calc._TCP.' }, 80, 1, '_calc._tcp'],
  ])('gives %s', (_, metadata, port, portCount, name) => {
    expect(serviceNameOf(new Map(Object.entries(metadata)), port, portCount)).toBe(name);
  });
});

describe('allServiceNames', () => {
  it.each<[string, Readonly<Record<string, string>>, number, readonly string[]]>([
    [
      'all names of ports, sorted, each once',
      { SERVICE_81_NAME: 'web', SERVICE_80_NAME: 'calc', SERVICE_82_NAME: 'Web.' },
      3,
      ['calc', 'web'],
    ],
    ['the general name with one port', { SERVICE_NAME: 'calc' }, 1, ['calc']],
    ['no general name with two ports', { SERVICE_NAME: 'calc' }, 2, []],
    ['no general name beside one of a port', { SERVICE_NAME: 'calc', SERVICE_80_NAME: 'web' }, 1, ['web']],
    ['no empty names', { SERVICE_NAME: '', SERVICE_80_NAME: '' }, 1, []],
    ['no other metadata', { SERVICE_80_TAGS: 'a', SERVICE_X_NAME: 'b', SERVICE_123456_NAME: 'c' }, 1, []],
  ])('gives %s', (_, metadata, portCount, names) => {
    expect(allServiceNames(new Map(Object.entries(metadata)), portCount)).toEqual(names);
  });
});
