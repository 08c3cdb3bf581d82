import { objectHash } from '../../csharp/runtime/equality.ts';
import { argumentNull, formatException } from '../../csharp/runtime/exception.ts';
import type { NetObject, Ref } from '../../csharp/runtime/values.ts';
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { formatIpv4, formatIpv6, parseIpv4, parseIpv6 } from './ip-address-text.ts';

const INTER_NETWORK = 2;
const INTER_NETWORK_V6 = 23;

/** A System.Net.IPAddress: four or sixteen bytes. */
class IpAddressValue implements NetObject {
  readonly bytes: Uint8Array;
  readonly scope: number;

  constructor(bytes: Uint8Array, scope = 0) {
    this.bytes = bytes;
    this.scope = scope;
  }

  get netType(): TypeDeclaration {
    return ipAddressType;
  }

  netToString(): string {
    return this.bytes.length === 4 ? formatIpv4(this.bytes) : formatIpv6(this.bytes, this.scope);
  }

  netEquals(other: unknown): boolean {
    return other instanceof IpAddressValue && other.netToString() === this.netToString();
  }

  netHashCode(): number {
    return objectHash(this.netToString());
  }
}

function read(text: string): IpAddressValue | undefined {
  if (text.includes(':')) {
    const found = parseIpv6(text);
    return found === undefined ? undefined : new IpAddressValue(found.bytes, found.scope);
  }
  const bytes = parseIpv4(text);
  return bytes === undefined ? undefined : new IpAddressValue(bytes);
}

function parse(text: string | null): IpAddressValue {
  if (text === null) throw argumentNull('ipString');
  const address = read(text);
  if (address === undefined) throw formatException('An invalid IP address was specified.');
  return address;
}

function tryParse(text: string | null, result: Ref<IpAddressValue | null>): boolean {
  result.value = text === null ? null : (read(text) ?? null);
  return result.value !== null;
}

function isLoopback(address: IpAddressValue | null): boolean {
  if (address === null) throw argumentNull('address');
  const text = address.netToString();
  return address.bytes.length === 4 ? address.bytes[0] === 127 : text === '::1' || text.startsWith('::ffff:127.');
}

/** System.Net.IPAddress, as far as the published list goes. */
export const ipAddressType: TypeDeclaration = declareType(
  'class System.Net.IPAddress : IFormattable',
  ['AddressFamily', 'Equals', 'GetAddressBytes', 'IsLoopback', 'Parse', 'TryParse', 'ToString'],
  {
    'System.Net.Sockets.AddressFamily AddressFamily { get; }': (address: IpAddressValue) =>
      address.bytes.length === 4 ? INTER_NETWORK : INTER_NETWORK_V6,
    'bool Equals(object comparand)': (address: IpAddressValue, other: unknown) => address.netEquals(other),
    'byte[] GetAddressBytes()': (address: IpAddressValue) => address.bytes.slice(),
    'int GetHashCode()': (address: IpAddressValue) => address.netHashCode(),
    'static bool IsLoopback(IPAddress address)': isLoopback,
    'static IPAddress Parse(string ipString)': parse,
    'static bool TryParse(string ipString, out IPAddress address)': tryParse,
    'string ToString()': (address: IpAddressValue) => address.netToString(),
  },
);
