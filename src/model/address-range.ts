/** A range of addresses, in the terms of `net.BlockList#addSubnet`; a single address is a range of one. */
export interface AddressRange {
  readonly family: 'ipv4' | 'ipv6';
  readonly address: string;
  readonly prefixLength: number;
}
