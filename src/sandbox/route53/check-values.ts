import { isIPv4, isIPv6 } from 'node:net';
import type { RecordSet } from '../../model/record-set.ts';
import { storedName } from '../world/record-name.ts';

const MAX_VALUES = 400;
const MAX_UINT16 = 65_535;

/** What is wrong with the name and the values of a set, in Route 53's words. */
export function valueProblems(set: RecordSet): readonly string[] {
  const values = (set.ResourceRecords ?? []).map((record) => record.Value);
  const problems = [...nameProblems(storedName(set.Name))];
  if (values.length > MAX_VALUES) problems.push(`Cannot have more than ${MAX_VALUES} records in a RRSet.`);
  if (set.Type === 'CNAME' && values.length > 1)
    problems.push('Cannot have more than one record in a CNAME RRSet.');
  const repeated = values.find((value, i) => values.indexOf(value) !== i);
  if (repeated !== undefined) problems.push(`Duplicate Resource Record: '${repeated}'`);
  for (const value of values) {
    const fault = syntaxFault(set.Type, value);
    if (fault !== undefined)
      problems.push(`Invalid Resource Record: 'FATAL problem: ${fault} encountered with '${value}''`);
  }
  return problems;
}

function nameProblems(name: string): readonly string[] {
  const fault = domainFault(name);
  return fault === undefined ? [] : [`FATAL problem: ${fault} encountered with '${name}'`];
}

function syntaxFault(type: string, value: string): string | undefined {
  switch (type) {
    case 'A':
      return isIPv4(value) ? undefined : 'ARRDATAIllegalIPv4Address (Value is not a valid IPv4 address)';
    case 'AAAA':
      return isIPv6(value) ? undefined : 'AAAARRDATAIllegalIPv6Address (Value is not a valid IPv6 address)';
    case 'SRV':
      return srvFault(value);
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return domainFault(value);
    case 'TXT':
    case 'SPF':
      return txtFault(value);
    default:
      return undefined;
  }
}

function srvFault(value: string): string | undefined {
  const fields = value.split(/[ \t]+/);
  if (fields.length !== 4) return "SRVRRDATANotFourFields (SRV record doesn't have 4 fields)";
  if (!fields.slice(0, 3).every(isUint16)) return 'SRVRRDATAIllegalNumber (Value is not a 16-bit number)';
  return domainFault(fields[3] ?? '');
}

function isUint16(field: string): boolean {
  return /^\d{1,5}$/.test(field) && Number(field) <= MAX_UINT16;
}

function txtFault(value: string): string | undefined {
  return /^"(?:[^"\\]|\\.){0,255}"(?:\s+"(?:[^"\\]|\\.){0,255}")*$/s.test(value)
    ? undefined
    : 'InvalidCharacterString (Value should be enclosed in quotation marks)';
}

function domainFault(name: string): string | undefined {
  if (name === '.') return undefined;
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.');
  const lengths = labels.map((label) => label.replace(/\\\d{3}/g, 'x').length);
  if (lengths.includes(0)) return 'DomainLabelEmpty (Domain label is empty)';
  if (lengths.some((length) => length > 63)) return 'DomainLabelTooLong (Domain label is too long)';
  const total = lengths.reduce((sum, length) => sum + length + 1, 0);
  if (total > 255) return 'DomainNameTooLong (Domain name is too long)';
  return /\s/.test(name) ? 'InvalidDomainName (Domain name contains a blank)' : undefined;
}
