import { describe, expect, it } from 'vitest';
import { textContent } from '../../src/xml/content.ts';
import { printDocument } from '../../src/xml/printer.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { childElements, isElement, type Value, type XmlElement } from '../../src/xml/tree.ts';

/** All values of a document in document order, `kind:text`. */
function values(text: string): string[] {
  const { document } = readDocument(text, 'test.xml');
  const found: string[] = [];
  const note = (value: Value) => found.push(`${value.kind}:${value.text.text}`);
  const visit = (element: XmlElement): void => {
    for (const attribute of element.attributes) note(attribute.value);
    const content = textContent(element, document.file);
    if (content.kind !== 'literal' || content.text.text.trim() !== '') note(content);
    for (const child of childElements(element)) visit(child);
  };
  for (const node of document.nodes) if (isElement(node)) visit(node);
  return found;
}

function faults(text: string): string[] {
  return readDocument(text, 'test.xml').problems.map(({ code, file, span, severity }) => {
    const { line, column } = file.positionAt(span.start);
    return `${line}:${column} ${severity} ${code}`;
  });
}

/** The parser test set of gateway-model.md, section 19: input, then the values that must come out. */
const ACCEPTED: readonly (readonly [string, string, readonly string[]])[] = [
  ['raw quotes', '<v a="@("x" + 1)" />', ['single:"x" + 1']],
  ['encoded quotes', '<v a="@(&quot;x&quot; + 1)" />', ['single:"x" + 1']],
  ['single-quoted attribute', `<v a='@("x" + 1)' />`, ['single:"x" + 1']],
  ['raw comparison', '<v a="@(n < 5 && m > 2)"/>', ['single:n < 5 && m > 2']],
  ['encoded comparison', '<v a="@(n &lt; 5 &amp;&amp; m > 2)"/>', ['single:n < 5 && m > 2']],
  ['generics', '<v a="@(context.Request.Body.As<JObject>(true)["k"])"/>', ['single:context.Request.Body.As<JObject>(true)["k"]']],
  ['markup in a string', '<v>@("<b>" + v + "</b>")</v>', ['single:"<b>" + v + "</b>"']],
  ['encoded markup', '<v>@(&quot;&lt;b&gt;&quot; + v)</v>', ['single:"<b>" + v']],
  ['closers in strings', `<v a="@(")" + '(' + @"a""b)")"/>`, [`single:")" + '(' + @"a""b)"`]],
  ['nested interpolation', '<v a="@($"{(x ? "a" : $"{y:0.0}")})")"/>', ['single:$"{(x ? "a" : $"{y:0.0}")})"']],
  ['line comment', `<v a="@{ // don't stop at )"}\n return 1; }"/>`, [`multi: // don't stop at )"}\n return 1; `]],
  [
    'line comment ended by an entity',
    `<v a="@{ // don't stop at )&quot;}&#xA; return 1; }"/>`,
    [`multi: // don't stop at )"}\n return 1; `],
  ],
  ['block comment', '<v a="@(/* } ) " */ 1)"/>', ['single:/* } ) " */ 1']],
  ['encoded ampersand in a literal', '<v>https://h/p?a=1&amp;b=2</v>', ['literal:https://h/p?a=1&b=2']],
  ['raw ampersand in code', '<v>@("https://h/x?a=1&b=" + v)</v>', ['single:"https://h/x?a=1&b=" + v']],
  ['encoded ampersand in code', '<v>@("https://h/x?a=1&amp;b=" + v)</v>', ['single:"https://h/x?a=1&b=" + v']],
  [
    'both kinds of escaping',
    '<v>@($"https://h/x/{(string)context.Variables[&quot;id&quot;]}")</v>',
    ['single:$"https://h/x/{(string)context.Variables["id"]}"'],
  ],
  ['literal JSON', '<v>{"id": "x"}</v>', ['literal:{"id": "x"}']],
  ['braces', '<v>@{ return new JObject { ["a"] = 1 }.ToString(); }</v>', ['multi: return new JObject { ["a"] = 1 }.ToString(); ']],
  ['CDATA', '<v><![CDATA[@{ return "<a/>"; }]]></v>', ['multi: return "<a/>"; ']],
  ['mail address', '<v>me@example.org</v>', ['literal:me@example.org']],
  ['at sign and blank', '<v>@ (1)</v>', ['literal:@ (1)']],
  ['blanks around', '<v s="t">\n  @("m")  \n</v>', ['literal:t', 'single:"m"']],
  ['comment before', '<v><!-- why -->@("m")<!-- so --></v>', ['single:"m"']],
  ['escapes', `<v a="@("\\"" + '\\"' + "\\\\")"/>`, [`single:"\\"" + '\\"' + "\\\\"`]],
  ['shifts', '<v a="@((a >> 1) + (b << 2))"/>', ['single:(a >> 1) + (b << 2)']],
  [
    'lambda',
    '<v a="@(l.Where(i => i.K != "x").Select<I,string>(i => i.V).First())"/>',
    ['single:l.Where(i => i.K != "x").Select<I,string>(i => i.V).First()'],
  ],
  ['trailing blank', '<v a="@(x) "/>', ['single:x']],
  ['double encoding is decoded once', '<v a="@(&amp;quot;x&amp;quot;)"/>', ['single:&quot;x&quot;']],
  ['attribute behind raw quotes', '<v n="a" value="@(d["k"])" id="p"/>', ['literal:a', 'single:d["k"]', 'literal:p']],
  ['character literal in single quotes', `<v a='@(s.Split(',')[0])'/>`, [`single:s.Split(',')[0]`]],
  ['line breaks of a literal attribute become blanks', '<v a="x\r\ny"/>', ['literal:x y']],
  ['line breaks of an expression stay', '<v a="@(1\r\n+ 2)"/>', ['single:1\r\n+ 2']],
  ['unknown entities stay in code', '<v>@("&nbsp;")</v>', ['single:"&nbsp;"']],
  ['nested comments of C# in CDATA', '<v><![CDATA[@(1 /* ]] */)]]></v>', ['single:1 /* ]] */']],
  [
    'raw quotes in a distinguished name',
    '<v s="C=US, O="Contoso, Inc.", OU="R&amp;D, x"+CN=*.a.test" d="b"/>',
    ['literal:C=US, O="Contoso, Inc.", OU="R&D, x"+CN=*.a.test', 'literal:b'],
  ],
  ['a quoted part at the end of a name', '<v s="CN=a, O="b, c""/>', ['literal:CN=a, O="b, c"']],
  ['an equals sign before the closing quote', '<v s="CN=" d="b"/>', ['literal:CN=', 'literal:b']],
  ['byte order mark', '\uFEFF<v a="@(1)"/>', ['single:1']],
];

describe('what Azure accepts', () => {
  it.each(ACCEPTED)('%s', (_name, text, expected) => {
    expect(faults(text)).toEqual([]);
    expect(values(text)).toEqual(expected);
    expect(printDocument(readDocument(text, 'test.xml').document)).toBe(text);
  });
});

const REFUSED: readonly (readonly [string, string, readonly string[]])[] = [
  ['empty file', '', ['1:1 error PTC0001']],
  ['document type', '<!DOCTYPE a [<!ENTITY x "y">]><a/>', ['1:1 error PTC0002']],
  ['unclosed element', '<a>\n <b>\n</a>', ['2:2 error PTC0003']],
  ['mismatched end tag', '<a><b></c></a>', ['1:7 error PTC0004']],
  ['end tag alone', '<a/></b>', ['1:5 error PTC0005']],
  ['less-than in text', '<a>1 < 2</a>', ['1:6 error PTC0006']],
  ['bare ampersand', '<a>h?x=1&y=2</a>', ['1:9 error PTC0007']],
  ['attribute without value', '<a b/>', ['1:4 error PTC0008']],
  ['attribute without quotes', '<a b=1/>', ['1:4 error PTC0008', '1:5 error PTC0006', '1:6 error PTC0006']],
  ['attribute twice', '<a b="1" b="2"/>', ['1:10 error PTC0009']],
  ['attribute never closed', '<a b="1/>', ['1:1 error PTC0003', '1:6 error PTC0010', '1:10 error PTC0006']],
  ['unbalanced expression', '<a b="@(x">y</a>', ['1:7 error PTC0011']],
  ['two expressions in a value', '<a b="@(1)@(2)"/>', ['1:11 error PTC0012']],
  ['text behind an expression', '<a>@(1) and more</a>', ['1:9 error PTC0012']],
  ['text before an expression is a literal', '<a b="pre-@(x)"/>', ['1:7 warning PTC0013']],
  ['in elements, too', '<a>\n  pre-@(x)\n</a>', ['2:3 warning PTC0013']],
  ['comment never closed', '<a><!-- x</a>', ['1:1 error PTC0003', '1:4 error PTC0014']],
  ['control character', '<a>\u0001</a>', ['1:4 error PTC0015']],
  ['text outside', '<a/>x', ['1:5 error PTC0016']],
  ['blank missing between attributes', '<a b="1"c="2"/>', ['1:9 error PTC0006']],
  [
    'a quote behind an equals sign of no name',
    '<a b="?c="d", e"/>',
    ['1:11 error PTC0006', '1:11 error PTC0008', '1:12 error PTC0006', '1:13 error PTC0006', '1:15 error PTC0008', '1:16 error PTC0006'],
  ],
  ['several at once', '<a b="1" b="2">\n&x;\n<c></d>\n</a>', ['1:10 error PTC0009', '2:1 error PTC0007', '3:4 error PTC0004']],
];

describe('what Azure refuses', () => {
  it.each(REFUSED)('%s', (_name, text, expected) => {
    expect(faults(text)).toEqual(expected);
    expect(printDocument(readDocument(text, 'test.xml').document)).toBe(text);
  });

  it('ends on a nest of brackets and elements of any depth', () => {
    expect(faults(`<a b="@(${'('.repeat(100_000)}"/>`)).toContain('1:7 error PTC0011');
    expect(faults(`${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`)).toEqual(['1:601 error PTC0017']);
  });
});

describe('positions', () => {
  it('point at the character in the file behind entities and named lines', () => {
    const text = '<a>\r\n  <b c="@(&quot;x&quot; + y)"/>\r\n</a>';
    const { document } = readDocument(text, 'test.xml');
    const value = document.elements[0] && childElements(document.elements[0])[0]?.attributes[0]?.value;
    const at = value?.text.text.indexOf('y') ?? -1;
    expect(document.file.text.charAt(value?.text.sourceOffset(at) ?? 0)).toBe('y');
    expect(document.file.positionAt(value?.text.sourceOffset(0) ?? 0)).toEqual({ line: 2, column: 11 });
  });

  it('warns of two dashes in a comment, and reads on', () => {
    expect(faults('<a><!-- one -- two --><b/></a>')).toEqual(['1:13 warning PTC0019']);
    expect(faults('<a><!-- one --><!----></a>')).toEqual([]);
  });
});
