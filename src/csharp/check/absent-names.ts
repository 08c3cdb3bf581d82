/** What to write in place of names that C# programs elsewhere have and policy expressions do not. */

const XML = 'read XML with `XElement.Parse(text)` or `Body.As<XElement>()`, and write it with `new XElement(…)`';
const HTTP = 'call services with `<send-request>` in front; the answer is in `context.Variables`';
const FILES = 'expressions reach no files: keep the text in a named value, `{{name}}`, or in a fragment';
const JSON_TEXT = 'write `JObject.Parse(text)`, or `JsonConvert.SerializeObject(value)`';
const WAITING = 'expressions do not wait: write `<wait>` or `<retry>` around policies';
const TRACE = 'write `context.Trace("text")`, or the policy `<trace>`';
const CLOCK = 'write `context.Elapsed`, or take two values of `DateTime.UtcNow`';

const INSTEAD: ReadonlyMap<string, string> = new Map([
  ...['XmlReader', 'XmlWriter', 'XmlDocument', 'XmlNode', 'XmlElement', 'XmlNodeList', 'XmlSerializer'].map((name) => [name, XML] as const),
  ...['XPathDocument', 'XPathNavigator', 'XmlNamespaceManager'].map((name) => [name, XML] as const),
  ...['HttpClient', 'WebClient', 'HttpRequestMessage', 'WebRequest', 'HttpWebRequest'].map((name) => [name, HTTP] as const),
  ...['File', 'Directory', 'Path', 'FileStream', 'StreamReader'].map((name) => [name, FILES] as const),
  ...['JsonSerializer', 'JsonDocument', 'JsonNode', 'JavaScriptSerializer'].map((name) => [name, JSON_TEXT] as const),
  ...['Task', 'Thread', 'Parallel', 'Timer'].map((name) => [name, WAITING] as const),
  ...['Console', 'Debug', 'Trace', 'ILogger'].map((name) => [name, TRACE] as const),
  ['Stopwatch', CLOCK],
  ['Environment', 'write `"\\r\\n"` for a new line, and a named value, `{{name}}`, for what an environment would hold'],
  ['ConfigurationManager', 'keep the text in a named value, `{{name}}`'],
  ['HttpUtility', 'write `System.Net.WebUtility`, or `Uri.EscapeDataString(text)`'],
  ['JwtSecurityTokenHandler', 'write `text.AsJwt()`'],
  ['JwtSecurityToken', 'write `text.AsJwt()`'],
  ['ConcurrentDictionary', 'write `Dictionary<TKey, TValue>`: an expression runs in one thread'],
  ['HttpContext', 'write `context`'],
  ...['Request', 'Response', 'Variables', 'Subscription', 'User', 'Product', 'Operation', 'Api', 'LastError'].map(
    (name) => [name, `write \`context.${name}\``] as const,
  ),
  ...['Headers', 'Body', 'Url', 'MatchedParameters'].map((name) => [name, `write \`context.Request.${name}\``] as const),
]);

export function insteadOf(name: string): string | undefined {
  return INSTEAD.get(name);
}
