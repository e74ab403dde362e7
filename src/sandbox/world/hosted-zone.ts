import type { RecordSet } from '../../model/record-set.ts';
import { storedName } from './record-name.ts';
import { RecordStore } from './record-store.ts';

/** The service that owns a zone and alone may change it. */
export interface LinkedService {
  readonly ServicePrincipal: string;
  readonly Description: string;
}

/** A VPC that a private zone is associated with, as GetHostedZone names it. */
export interface ZoneVpc {
  readonly VPCId: string;
  readonly VPCRegion: string;
}

/** A record set protection, in the words of Route 53's API. */
export interface Protection {
  readonly RecordName: string;
  readonly RecordType: string;
  readonly Comment?: string;
}

export interface HostedZoneOptions {
  readonly name: string;
  readonly id?: string;
  readonly private?: boolean;
  readonly comment?: string;
  /** Of a private zone: the VPCs that it is associated with, of this account or others; by default the account's own one. */
  readonly vpcs?: readonly ZoneVpc[];
  readonly linkedService?: LinkedService;
  /** The quota MAX_RRSETS_BY_ZONE; Route 53's default is 10,000. */
  readonly maxRecordSets?: number;
}

const NAME_SERVERS = [
  'ns-1536.awsdns-00.co.uk.',
  'ns-0.awsdns-00.com.',
  'ns-1024.awsdns-00.org.',
  'ns-512.awsdns-00.net.',
];

/** A Route 53 hosted zone; made with the NS and SOA sets at its apex, as Route 53 makes them. */
export class HostedZone {
  readonly id: string;
  readonly name: string;
  readonly isPrivate: boolean;
  readonly comment: string;
  readonly linkedService: LinkedService | undefined;
  /** `undefined` for the account's own one. */
  vpcs: readonly ZoneVpc[] | undefined;
  maxRecordSets: number;
  readonly records = new RecordStore();
  /** Protections, by name and type. */
  readonly protections = new Map<string, Protection>();

  constructor(id: string, options: HostedZoneOptions) {
    this.id = id;
    this.name = storedName(options.name);
    this.isPrivate = options.private ?? false;
    this.comment = options.comment ?? '';
    this.linkedService = options.linkedService;
    this.vpcs = options.vpcs;
    this.maxRecordSets = options.maxRecordSets ?? 10_000;
    this.put({ Name: this.name, Type: 'NS', TTL: 172_800, ResourceRecords: values(NAME_SERVERS) });
    const soa = `${NAME_SERVERS[0]} awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400`;
    this.put({ Name: this.name, Type: 'SOA', TTL: 900, ResourceRecords: values([soa]) });
  }

  get nameServers(): readonly string[] {
    return NAME_SERVERS.map((name) => name.slice(0, -1));
  }

  /** Puts a set straight into the zone, past every check; returns the zone for the next one. */
  put(set: RecordSet): this {
    this.records.put(set);
    return this;
  }

  /** Refuses to create, change or delete a set of the name and type, until the protection is taken away. */
  protect(name: string, type: string, comment?: string): void {
    const RecordName = storedName(name);
    const said = comment === undefined ? {} : { Comment: comment };
    this.protections.set(`${RecordName} ${type}`, { RecordName, RecordType: type, ...said });
  }

  protectionOf({ Name, Type }: Pick<RecordSet, 'Name' | 'Type'>): Protection | undefined {
    return this.protections.get(`${storedName(Name)} ${Type}`);
  }

  delete(set: Pick<RecordSet, 'Name' | 'Type' | 'SetIdentifier'>): boolean {
    return this.records.delete(set);
  }

  /** All sets in Route 53's order, in the shape in which the SDK returns them. */
  list(): readonly RecordSet[] {
    return this.records.list();
  }
}

function values(texts: readonly string[]): readonly { readonly Value: string }[] {
  return texts.map((Value) => ({ Value }));
}
