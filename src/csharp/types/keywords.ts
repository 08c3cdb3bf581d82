/** C#'s keywords for built-in types and the full names they stand for (C# specification, Simple types). */
export const KEYWORD_TYPES: Readonly<Record<string, string>> = {
  bool: 'System.Boolean',
  byte: 'System.Byte',
  sbyte: 'System.SByte',
  char: 'System.Char',
  decimal: 'System.Decimal',
  double: 'System.Double',
  float: 'System.Single',
  int: 'System.Int32',
  uint: 'System.UInt32',
  long: 'System.Int64',
  ulong: 'System.UInt64',
  object: 'System.Object',
  short: 'System.Int16',
  ushort: 'System.UInt16',
  string: 'System.String',
};

/**
 * Namespaces whose types expressions name without a prefix (the `using` lines the gateway adds). Published policies always
 * write System.Net out; taking its short names as well does no harm.
 */
export const IMPORTED_NAMESPACES: readonly string[] = [
  'System',
  'System.Collections.Generic',
  'System.IO',
  'System.Linq',
  'System.Net',
  'System.Security.Cryptography',
  'System.Security.Cryptography.X509Certificates',
  'System.Text',
  'System.Text.RegularExpressions',
  'System.Xml.Linq',
  'Newtonsoft.Json',
  'Newtonsoft.Json.Linq',
];
