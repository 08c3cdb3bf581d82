/** What to write in place of members that policies are often found to use and Azure's published list does not hold. */

/** By full name of the member, or of its type for all members of that type. */
const ADVICE: Readonly<Record<string, string>> = {
  'System.Collections.Generic.CollectionExtensions.GetValueOrDefault':
    'write `claims.ContainsKey("groups") ? claims["groups"] : new string[0]`, with the dictionary, key and fallback of your own',
  'System.Globalization.CultureInfo': 'leave the culture out, or write `null` in its place',
  'System.Globalization.NumberStyles': 'write `Convert.ToInt32(text, 16)` for hexadecimal digits, or leave the style out',
  'System.Globalization.DateTimeStyles': 'leave the style out: `DateTime.Parse(text)`',
  'System.DateTime.ParseExact': 'write `DateTime.Parse(text)`',
  'System.DateTime.TryParse': 'write `DateTime.Parse(text)`, in `try` where the text may be wrong',
  'System.DateTime.TryParseExact': 'write `DateTime.Parse(text)`, in `try` where the text may be wrong',
  'System.DateTime.SpecifyKind': 'write `new DateTime(value.Ticks, DateTimeKind.Utc)`',
  'System.DateTime.ToLongDateString': 'write `ToString("D")`',
  'System.DateTime.ToShortDateString': 'write `ToString("d")`',
  'System.DateTime.ToLongTimeString': 'write `ToString("T")`',
  'System.DateTime.ToShortTimeString': 'write `ToString("t")`',
  'System.DateTime.ToBinary': 'write `Ticks`',
  'System.DateTime.ToFileTimeUtc': 'write `Ticks`',
  'System.DateTime.Equals': 'write `==`',
  'System.Text.RegularExpressions.Regex.Escape': 'put a backslash before characters that mean something: `text.Replace(".", @"\\.")`',
  'System.Text.RegularExpressions.Match.NextMatch': 'write `Regex.Matches(input, pattern)`, and take its items in turn',
  'System.UriBuilder': 'put the text together: `new Uri("https://" + host + path)`',
  'System.Xml.XPath.Extensions': 'write `Descendants("name")` or `Element("name")`, with `First()` and `Where(…)` behind it',
};

/** `member` and `type`: full names. */
export function adviceFor(member: string, type: string): string | undefined {
  return ADVICE[member] ?? ADVICE[type];
}
