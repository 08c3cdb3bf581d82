/** Why permitted members are not declared: the first rule that fits counts. */

interface Rule {
  readonly reason: string;
  /** Full names of types; every type when missing. */
  readonly types?: RegExp;
  readonly members?: RegExp;
}

const RULES: readonly Rule[] = [
  {
    reason: 'reflection: it would reach past the permitted members, so it is refused on purpose',
    types: /^System\.(Type|Delegate|Reflection\.MemberInfo)$/,
  },
  { reason: 'reflection: it would reach past the permitted members, so it is refused on purpose', members: /^TargetSite$/ },
  {
    reason: 'built-in conversions and comparisons of the language: they work, without a method behind them',
    types: /^System\.(Nullable|Double|Single)$/,
    members: /^op_/,
  },
  {
    reason: 'needs a pointer, a native handle or a reference result, which C# cannot use outside of unsafe code',
    members: /IntPtr|^Handle$|GetPinnableReference|GetValueRefOrDefaultRef/,
  },
  { reason: 'nothing that an expression may use makes a SecureString', members: /SecureString/ },
  { reason: 'nothing that an expression may use makes a Calendar, DateOnly or TimeOnly', members: /Globalization\.Calendar|DateOnly/ },
  {
    reason: 'nothing that an expression may use makes a Stream',
    members: /System\.IO\.Stream/,
  },
  {
    reason: 'takes the name of a file, and an expression reaches no file',
    members: /^(Load|Save|Import|CreateFrom\w*|GetCertContentType|\.ctor)\(string[,)]/,
    types: /^System\.(Xml|Security)/,
  },
  {
    reason: 'takes or gives a type that is neither in the list nor made by anything in it',
    members:
      /X509KeyStorageFlags|CspParameters|OidGroup|AsnEncodedData|EncodedKeyValue|EncodedParameters|^Extensions$|ECDiffieHellman|ECDsa|DSAPublicKey|XStreamingElement|Fallback|CompareInfo|EncodingProvider|UriCreationOptions|EnumerateRunes|GetChunks|Encodings|GetDecoder|GetEncoder/,
  },
  { reason: 'keys come from certificates and from RSA', types: /PublicKey$/, members: /ctor/ },
  { reason: 'a text that only .NET itself reads', types: /TimeZoneInfo$/, members: /SerializedString/ },
  {
    reason: 'a setting that holds code of its own, which an expression cannot write',
    types: /JsonSerializerSettings$/,
  },
  { reason: 'the culture of the gateway cannot be changed', types: /CultureInfo$/ },
  { reason: 'interfaces of compiled code: tuples are used through their elements', types: /ITuple$/ },
  { reason: 'a guard for library authors, or a constructor for serialisation', types: /Exception$/ },
];

/** The reason of a gap, or undefined for one that nobody has given a reason for. */
export function gapReason(type: string, member: string, isFrameworkOnly: boolean): string | undefined {
  if (isFrameworkOnly) return 'only in the class library of .NET Framework';
  return RULES.find(({ types, members }) => (types?.test(type) ?? true) && (members?.test(member) ?? true))?.reason;
}
