import type { ContainerDefinition, ContainerOverride } from '@aws-sdk/client-ecs';
import { describe, expect, it, test } from 'vitest';
import type { HiddenIn } from '../../../src/model/inventory.ts';
import type { DefinedContainer } from '../../../src/sources/ecs/definition-cache.ts';
import {
  allServiceNames,
  hiddenAddressName,
  mayBeNamedOtherwise,
  nameMetadata,
  type PortName,
  portNameOf,
  serviceMetadata,
} from '../../../src/sources/ecs/service-names.ts';

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

const said = (
  variables: Readonly<Record<string, string>>,
  { secretNames = [], hasEnvironmentFiles = false }: Partial<DefinedContainer> = {},
) => nameMetadata({ environment: env(variables), secretNames, hasEnvironmentFiles }, undefined);

describe('portNameOf', () => {
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
  ])('gives %s', (_, variables, port, portCount, name) => {
    expect(portNameOf(said(variables), port, portCount).serviceName).toBe(name);
  });

  const PORT = { secretNames: ['SERVICE_80_NAME'] };
  const GENERAL = { secretNames: ['SERVICE_NAME'] };
  const FILES = { hasEnvironmentFiles: true };
  it.each<[string, Readonly<Record<string, string>>, Partial<DefinedContainer>, number, PortName]>([
    ['nothing where nothing is said', {}, {}, 1, { serviceName: undefined, nameIssue: undefined }],
    ['a secret', {}, PORT, 1, { serviceName: undefined, nameIssue: 'secrets' }],
    [
      'the secret of a port over a general name',
      { SERVICE_NAME: 'a' },
      PORT,
      1,
      { serviceName: undefined, nameIssue: 'secrets' },
    ],
    ['no secret where the name is told', { SERVICE_80_NAME: 'a' }, PORT, 1, { serviceName: 'a' }],
    [
      'the secret of another port',
      {},
      { secretNames: ['SERVICE_81_NAME'] },
      2,
      { serviceName: undefined, nameIssue: undefined },
    ],
    ['a general secret', {}, GENERAL, 1, { serviceName: undefined, nameIssue: 'secrets' }],
    [
      'a general secret with several ports',
      {},
      GENERAL,
      2,
      { serviceName: undefined, nameIssue: 'several-ports' },
    ],
    [
      'a general name with several ports',
      { SERVICE_NAME: 'a' },
      {},
      2,
      { serviceName: undefined, nameIssue: 'several-ports' },
    ],
    ['files', {}, FILES, 1, { serviceName: undefined, nameIssue: 'environmentFiles' }],
    [
      'files, which may name a port otherwise',
      { SERVICE_NAME: 'a' },
      FILES,
      1,
      { serviceName: 'a', nameIssue: 'environmentFiles' },
    ],
    ['no files where the port is named', { SERVICE_80_NAME: 'a' }, FILES, 1, { serviceName: 'a' }],
    ['an empty name', { SERVICE_80_NAME: '' }, {}, 1, { serviceName: undefined, nameIssue: 'empty-name' }],
    [
      'an empty general name',
      { SERVICE_NAME: ' ' },
      {},
      1,
      { serviceName: undefined, nameIssue: 'empty-name' },
    ],
  ])('tells %s', (_, variables, hidden, portCount, expected) => {
    expect(portNameOf(said(variables, hidden), 80, portCount)).toEqual(expected);
  });

  it('takes files that a task was started with for files of its definition', () => {
    const files = { environmentFiles: [{ type: 's3' as const, value: 'arn:aws:s3:::a/b.env' }] };
    expect(portNameOf(nameMetadata({}, files), 80, 1)).toMatchObject({ nameIssue: 'environmentFiles' });
    expect(portNameOf(nameMetadata({}, { environmentFiles: [] }), 80, 1).nameIssue).toBeUndefined();
  });
});

test('a port may be named otherwise where it has no name, or one that a file may replace', () => {
  expect(mayBeNamedOtherwise({ serviceName: undefined })).toBe(true);
  expect(mayBeNamedOtherwise({ serviceName: 'a', nameIssue: 'environmentFiles' })).toBe(true);
  expect(mayBeNamedOtherwise({ serviceName: 'a' })).toBe(false);
});

test.each<[string, DefinedContainer, HiddenIn | undefined]>([
  ['a secret', { secretNames: ['SERVICE_NAME', 'DISCOVERY_SERVICE_NAME'] }, 'secrets'],
  ['a file', { hasEnvironmentFiles: true }, 'environmentFiles'],
  [
    'nothing, where it is told',
    { secretNames: ['DISCOVERY_SERVICE_NAME'], dockerLabels: { 'discovery.service.name': 'a' } },
    undefined,
  ],
  ['nothing', {}, undefined],
])('the name of an address may stand in %s', (_, defined, expected) => {
  expect(hiddenAddressName(defined, undefined)).toBe(expected);
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
