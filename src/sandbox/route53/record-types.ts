const RECORD_TYPES = new Set(
  'A AAAA CAA CNAME DS HTTPS MX NAPTR NS PTR SOA SPF SRV SSHFP SVCB TLSA TXT'.split(' '),
);

export function isRecordType(type: string): boolean {
  return RECORD_TYPES.has(type);
}
