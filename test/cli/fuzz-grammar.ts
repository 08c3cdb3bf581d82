/**
 * Programs that mostly compile: expressions of a wanted type and statements around them, over the whole language and the
 * library that policies use. What they give is not judged, only that they give something, throw as .NET does, or are refused.
 */
import fc from 'fast-check';

type Text = fc.Arbitrary<string>;

/** One expression for each type that the templates ask for. */
interface Typed {
  int: string;
  long: string;
  double: string;
  decimal: string;
  string: string;
  bool: string;
  char: string;
  date: string;
  span: string;
  ints: string;
  texts: string;
  token: string;
  tuple: string;
  any: string;
  statement: string;
}

type TypeName = keyof Typed;

/** Templates: `{int}` stands for an expression of that type; `{name}` for a fresh name. */
const TEMPLATES: Readonly<Record<TypeName, readonly string[]>> = {
  int: [
    '1',
    '0',
    '-7',
    '2147483647',
    "'a' - 'b'",
    '({int} + {int})',
    '({int} * {int} % 7)',
    '({int} / {int})',
    '(int)({double})',
    'unchecked({int} << {int})',
    '{string}.Length',
    '{string}.IndexOf({char})',
    'int.Parse({string})',
    '(int.TryParse({string}, out var {name}) ? {name} : -1)',
    '{ints}.Sum()',
    '{ints}.Count(x => x > {int})',
    '{ints}.Aggregate(0, (a, x) => a ^ x)',
    '{texts}.Max(t => t.Length)',
    '({bool} ? {int} : {int})',
    '((int?){int} ?? 0)',
    '{date}.Year',
    '(int){date}.DayOfWeek',
    'Math.Abs({int})',
    'Convert.ToInt32({any})',
    '(int){token}',
    '{tuple}.Item1',
    '{string}.CompareTo({string})',
    '((Func<int, int>)(x => x + {int}))({int})',
    '(~{int} & {int} | {int} ^ 3)',
    '{texts}.ToList().IndexOf({string})',
    'new[] { {int}, {int} }[{int}]',
    'checked({int} + {int})',
    'string.Compare({string}, {string}, StringComparison.OrdinalIgnoreCase)',
    '({any} is int {name} ? {name} : 3)',
    'sizeof(int)',
    '{string}.GetHashCode()',
    'Regex.Matches({string}, @"\\w+").Count',
    'Enum.GetValues(typeof(DayOfWeek)).Length',
    'default(int)',
  ],
  long: [
    '1L',
    '{int}',
    '({long} * {long})',
    'long.MaxValue',
    '{date}.Ticks',
    '{span}.Ticks',
    '(long){token}',
    '({long} >> {int})',
    'checked({long} + 1)',
    'Convert.ToInt64({string})',
  ],
  double: [
    '1.5',
    '0.1',
    'double.NaN',
    '1e300',
    '({double} * {double})',
    '({double} / {int})',
    'Math.Round({double}, 2)',
    'Math.Sqrt({double})',
    '(double){token}',
    '{span}.TotalSeconds',
    '{ints}.Average()',
    '(double){decimal}',
    'Math.Pow({double}, {int})',
    'double.Parse({string})',
    '-{double}',
    '(float){double}',
  ],
  decimal: [
    '1.10m',
    '{int}',
    '({decimal} + {decimal})',
    '({decimal} / {decimal})',
    'Math.Round({decimal}, 1, MidpointRounding.AwayFromZero)',
    '(decimal){double}',
    'decimal.Parse({string})',
    'Math.Floor({decimal})',
  ],
  string: [
    '"a"',
    '""',
    '"12"',
    '"Hé\\u0142\\n"',
    '@"a""b\\c"',
    '"2024-02-29T12:00:00Z"',
    '"k=v;x=1"',
    '({string} + {any})',
    '({any} + {string})',
    '{string}.Substring({int})',
    '{string}.ToUpper()',
    '{string}.Replace({string}, {string})',
    '{string}.Trim()',
    '{string}.PadLeft({int} % 50, {char})',
    '{string}.Insert(0, {string})',
    '{string}.Remove({int})',
    'string.Join({string}, {texts})',
    'string.Join(",", {ints})',
    'string.Concat({any}, {any})',
    '{any}?.ToString()',
    '({string} ?? {string})',
    '{int}.ToString("D5")',
    '{int}.ToString("X")',
    '{int}.ToString("#,##0;(0)")',
    '{double}.ToString("E3")',
    '{double}.ToString("P1")',
    '{decimal}.ToString("C")',
    '{long}.ToString("N0")',
    '{date}.ToString("yyyy-MM-dd HH:mm:ss.fffK")',
    '{date}.ToString("R")',
    '{date}.ToString({string})',
    '{span}.ToString(@"d\\.hh\\:mm")',
    '{span}.ToString("g")',
    '{int}.ToString({string})',
    '$"{{int}:D3}|{{double},10:F2}|{{any}}"',
    '$"{{date}:o}{{{{}}}}{{string,-5}}"',
    '$@"{{bool}} ""{{char}}"""',
    'string.Format("{0:N2} {1,-8} {2:yyyy}", {double}, {string}, {date})',
    'string.Format({string}, {any})',
    'Regex.Replace({string}, @"(\\d)(?<n>\\w)?", "${n}-$1")',
    'Regex.Replace({string}, "[a-z]", m => m.Value.ToUpper())',
    'Regex.Match({string}, @"^(?<k>[^=]+)=(.*)$").Groups["k"].Value',
    'Regex.Escape({string})',
    'Regex.Match({string}, {string}).Value',
    'JsonConvert.SerializeObject({any})',
    '{token}.ToString()',
    '{token}.ToString(Newtonsoft.Json.Formatting.None)',
    '(string){token}',
    'new JObject(new JProperty({string}, {any})).ToString()',
    '(string){token}.SelectToken("a.b[0]")',
    'Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes({string}))',
    'System.Text.Encoding.UTF8.GetString(Convert.FromBase64String({string}))',
    'System.Net.WebUtility.UrlEncode({string})',
    'Uri.EscapeDataString({string})',
    'new Uri("http://h/" + {string}).AbsolutePath',
    'context.Request.Headers.GetValueOrDefault({string}, {string})',
    'context.Request.Url.Query.GetValueOrDefault("page")',
    '(string)context.Variables["text"]',
    'context.Variables.GetValueOrDefault<string>({string})',
    'context.Request.Body.As<string>(true)',
    'BitConverter.ToString(System.Security.Cryptography.SHA256.Create().ComputeHash(System.Text.Encoding.UTF8.GetBytes({string})))',
    'new StringBuilder({string}).Append({any}).Insert(0, {any}).ToString()',
    '{tuple}.Item2',
    'nameof({string}.Length)',
    'Guid.Empty.ToString("N")',
    'new string({char}, {int} % 20)',
    'XElement.Parse("<a b=\'1\'>" + {int} + "</a>").ToString()',
    '((DayOfWeek){int}).ToString()',
    '{any}.GetType().Name',
    'new { A = {int}, B = {string} }.ToString()',
    'new { A = {int}, B = {any} }.B?.ToString()',
  ],
  bool: [
    'true',
    'false',
    '({int} < {int})',
    '({string} == {string})',
    '({any} == null)',
    '!{bool}',
    '({bool} && {bool})',
    '({bool} | {bool})',
    '({any} is string {name} && {name}.Length > {int})',
    '({any} is int)',
    '{string}.StartsWith({string})',
    '{string}.Contains({string})',
    'Regex.IsMatch({string}, @"^[\\w.]+@\\w+$", RegexOptions.IgnoreCase)',
    'Regex.IsMatch({string}, {string})',
    '{ints}.Any(x => x == {int})',
    '{texts}.All(t => t != null)',
    '{ints}.Contains({int})',
    '({date} < {date})',
    '({tuple} == {tuple})',
    '(bool){token}',
    'JToken.DeepEquals({token}, {token})',
    'string.IsNullOrEmpty({string})',
    '{any}.Equals({any})',
    '({decimal} >= {decimal})',
    '({double} != {double})',
    'bool.TryParse({string}, out _)',
    '({int} == {long})',
    'context.Variables.ContainsKey({string})',
    'DateTime.TryParse({string}, out var {name})',
    '{ints}.SequenceEqual({ints})',
    '({any} as string)?.Length > 0',
  ],
  char: ["'c'", "'\\0'", "'\\u00e9'", '{string}[0]', '(char){int}', 'char.ToUpper({char})', '{string}.First()', '{string}.LastOrDefault()'],
  date: [
    'DateTime.UtcNow',
    'new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Utc)',
    '{date}.AddDays({int})',
    '{date}.AddMonths({int} % 100)',
    '({date} + {span})',
    'DateTime.Parse({string})',
    'DateTime.MaxValue',
    '{date}.Date',
    'DateTime.ParseExact({string}, "yyyy-MM-dd", null)',
    'DateTimeOffset.FromUnixTimeSeconds({int}).UtcDateTime',
    '(DateTime){token}',
    'TimeZoneInfo.ConvertTimeFromUtc({date}, TimeZoneInfo.FindSystemTimeZoneById("UTC"))',
  ],
  span: [
    'TimeSpan.FromMinutes({double})',
    'new TimeSpan({int}, {int}, 0)',
    '({date} - {date})',
    '{span}.Negate()',
    '{date}.TimeOfDay',
    'TimeSpan.Parse({string})',
    'TimeSpan.Zero',
  ],
  ints: [
    'new[] { {int}, {int}, 3 }',
    'Enumerable.Range(1, {int} % 50)',
    '{ints}.Where(x => x % 2 == {int})',
    '{ints}.Select((x, i) => x * i)',
    '{ints}.OrderBy(x => -x)',
    '{ints}.Concat({ints})',
    '{ints}.Distinct()',
    '{ints}.Skip({int}).Take(2)',
    '{texts}.Select(t => t.Length)',
    '{ints}.ToList()',
    '{ints}.GroupBy(x => x % 3).Select(g => g.Sum())',
    '(from x in {ints} where x > {int} orderby x descending select x + 1)',
    '(from x in {ints} from y in {ints} where x < y select x * y)',
    '(from x in {ints} let y = x + 1 group y by y % 2 into g select g.Count())',
    '(from x in {ints} join y in {ints} on x equals y select y)',
    '{ints}.Zip({ints}, (a, b) => a - b)',
    '{ints}.SelectMany(x => new[] { x, {int} })',
    'new List<int> { {int}, {int} }',
    'new HashSet<int> { {int} }',
    '{ints}.DefaultIfEmpty({int})',
    '{ints}.Reverse()',
    '{token}.Values<int>()',
    '{ints}.ToDictionary(x => x, x => x.ToString()).Keys',
    '{ints}.ToArray()',
    'Array.ConvertAll(new[] { {string} }, t => t.Length)',
  ],
  texts: [
    'new[] { {string}, {string} }',
    "{string}.Split(',', ';')",
    '{string}.Split(new[] { {string} }, StringSplitOptions.RemoveEmptyEntries)',
    '{ints}.Select(x => x.ToString({string}))',
    '{texts}.Where(t => t.Length > {int})',
    '{texts}.OrderBy(t => t).ThenByDescending(t => t.Length)',
    'Regex.Split({string}, {string})',
    'Regex.Matches({string}, ".").Cast<Match>().Select(m => m.Value)',
    '{token}.Select(t => (string)t)',
    'new List<string> { {string} }',
    '{texts}.Distinct(StringComparer.OrdinalIgnoreCase)',
    'context.Request.Headers.Keys',
    'new Dictionary<string, int> { [{string}] = {int} }.Keys',
    '{texts}.GroupBy(t => t.Length, (k, g) => k + ":" + g.Count())',
    '(from t in {texts} orderby t.Length, t select t + {string})',
  ],
  token: [
    "JObject.Parse(\"{'a':{'b':[1,2.5,'x',null,true]},'d':'2024-01-02T03:04:05Z'}\")",
    'JToken.Parse({string})',
    'JToken.FromObject({any})',
    'new JObject { [{string}] = {int}, ["b"] = {string} }',
    'new JArray({int}, {string}, {token})',
    '{token}["a"]',
    '{token}[{int}]',
    '{token}.SelectToken({string})',
    '{token}.DeepClone()',
    'new JValue({any})',
    'context.Request.Body.As<JObject>(true)["order"]',
    'JsonConvert.DeserializeObject<JToken>({string})',
    '{token}.First',
    '{token}["a"]?["b"]',
    'JArray.FromObject({ints})',
    '({token} as JObject)',
    '(JToken){string}',
    '(JToken){date}',
    '{token}.Parent',
  ],
  tuple: ['({int}, {string})', '(a: {int}, b: {string})', '{tuple}', 'ValueTuple.Create({int}, {string})', '({bool} ? {tuple} : {tuple})'],
  any: [
    'null',
    '(object){int}',
    '(object){string}',
    '(object){bool}',
    '(object){double}',
    '(object){date}',
    '(object){ints}',
    '(object){token}',
    '(object){tuple}',
    '(object){decimal}',
    '(object)new { a = {int}, b = {any} }',
    '(object){char}',
    '(object){span}',
    '(object)(int?)null',
    '(object){long}',
    '(object)new Dictionary<string, object> { [{string}] = {any} }',
    '(object){texts}',
    '(object)DayOfWeek.Friday',
    '(object)new Exception({string})',
    '(object)typeof(int)',
    '(object)(Func<int>)(() => {int})',
    '(object)new byte[] { 1, 2 }',
    '({bool} ? {any} : {any})',
    'context.Variables[{string}]',
    '(object)context.Request',
  ],
  statement: [
    'var {name} = {any};',
    'int {name} = {int}; {name} += {int}; {name}++; result = {name};',
    'if ({bool}) { {statement} } else { {statement} }',
    'for (int i = 0; i < {int} % 20; i++) { if (i == 3) continue; {statement} }',
    'foreach (var {name} in {ints}) { result = {name}; if ({bool}) break; }',
    'foreach (var {name} in {token}) { result = {name}; }',
    'foreach (var {name} in {texts}) { result = {name} + {string}; {statement} }',
    'while ({bool}) { {statement} break; }',
    'do { {statement} } while (false);',
    'switch ({int}) { case 1: {statement} break; case 2: goto case 1; default: {statement} break; }',
    'switch ({any}) { case int n when n > {int}: result = n; break; case string s: result = s; break; case null: {statement} break; default: break; }',
    'switch ({string}) { case "a": case "b": {statement} break; }',
    'try { {statement} } catch (FormatException e) { result = e.Message; } catch (Exception e) when ({bool}) { result = e.GetType().Name; } finally { {statement} }',
    'try { throw new InvalidOperationException({string}); } catch { {statement} }',
    'throw new ArgumentException({string}, "x");',
    'int F(int x) => x < 1 ? 0 : F(x - 1) + 1; result = F({int} % 30);',
    'IEnumerable<int> G() { yield return {int}; if ({bool}) yield break; yield return 2; } result = G().ToList();',
    'Func<int, int> f = x => { {statement} return x * 2; }; result = f({int});',
    'Action a = () => { {statement} }; a();',
    'var (p, q) = {tuple}; result = p + q;',
    '(int p, string q) = {tuple}; result = q;',
    'var t = {tuple}; t.Item1 = {int}; result = t;',
    'using (var {name} = System.Security.Cryptography.SHA256.Create()) { result = {name}.ComputeHash(new byte[] { 1 }); }',
    'var d = new Dictionary<string, int>(); d[{string}] = {int}; result = d.TryGetValue({string}, out var {name}) ? {name} : 0;',
    'var l = new List<string>(); l.Add({string}); l.Sort(); result = l;',
    'var j = new JObject(); j[{string}] = {token}; j.Add({string}, {int}); result = j;',
    'var s = new StringBuilder(); s.AppendFormat("{0:N1}", {any}).AppendLine({string}); result = s;',
    'lock ({string}) { {statement} }',
    'const int K = 5; result = K + {int};',
    'checked { result = {int} * {int}; }',
    'unchecked { result = {int} * {int}; }',
    'again: if (++steps < 3) goto again;',
    '{ {statement} {statement} }',
    'return {any};',
    'result = {any};',
    'string {name} = {string}; result = {name}?.Length;',
    'int[] m = { {int}, {int} }; m[0] ^= {int}; result = m;',
    'void H(ref int x, out string y) { x++; y = {string}; } H(ref steps, out var o); result = o;',
    'int? n = {bool} ? {int} : (int?)null; result = n + {int} ?? n.HasValue;',
    'var an = new { X = {int}, Y = {string} }; result = an.X + an.Y;',
    ';',
  ],
};

const HOLE = /\{(int|long|double|decimal|string|bool|char|date|span|ints|texts|token|tuple|any|statement|name)\}/;

/** Splits a template at its holes: literal texts and type names in turn. */
function filled(template: string, tie: (type: TypeName) => Text): Text {
  const pieces = template.split(new RegExp(HOLE, 'g'));
  const parts = pieces.map((piece, at) => {
    if (at % 2 === 0) return fc.constant(piece);
    return piece === 'name' ? fc.constant('%name%') : tie(piece as TypeName);
  });
  return fc.tuple(...parts).map((texts) => texts.join(''));
}

/** Templates without holes come first, where the depth limit makes fast-check end. */
function choices(type: TypeName, tie: (type: TypeName) => Text): Text {
  const templates = [...TEMPLATES[type]].sort((a, b) => Number(HOLE.test(a)) - Number(HOLE.test(b)));
  return fc.oneof({ maxDepth: 6, depthSize: 'small' }, ...templates.map((template) => filled(template, tie)));
}

const TYPES = Object.keys(TEMPLATES) as TypeName[];

const typed = fc.letrec<Typed>((tie) => {
  const tied = (type: TypeName): Text => tie(type) as Text;
  return Object.fromEntries(TYPES.map((type) => [type, choices(type, tied)])) as { [Type in TypeName]: Text };
});

/** Variables of one program have names of their own; a template that uses its name twice gets one name for both. */
function named(text: string): string {
  let count = 0;
  return text.replace(/%name%/g, () => {
    count += 1;
    return `v${Math.ceil(count / 2)}`;
  });
}

const single: Text = fc
  .oneof(...TYPES.filter((type) => type !== 'statement').map((type) => typed[type]))
  .map((text) => `@(${named(text)})`);

const block: Text = fc
  .tuple(fc.array(typed.statement, { minLength: 1, maxLength: 4 }), typed.any)
  .map(
    ([statements, value]) => `@{ object result = null; int steps = 0; ${named(statements.join(' '))} return result ?? ${named(value)}; }`,
  );

/** Expressions and blocks by the grammar. */
export const grammarPrograms: Text = fc.oneof({ arbitrary: single, weight: 3 }, { arbitrary: block, weight: 2 });
