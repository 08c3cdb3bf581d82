import { describe, expect, it } from 'vitest';
import { parseElement } from '../../../src/dotnet/xml/parse.ts';
import { evaluate, testRuntime } from '../../support/expressions.ts';

describe('LINQ to XML', () => {
  it.each([
    ['XElement.Parse("<a><b>1</b>t</a>").ToString()', 'System.String <a>\n  <b>1</b>t</a>'],
    ['XElement.Parse("<a><b/><c>x</c></a>").ToString()', 'System.String <a>\n  <b />\n  <c>x</c>\n</a>'],
    ['new XElement("a", new XAttribute("k", "<\\"&\\n")).ToString()', 'System.String <a k="&lt;&quot;&amp;&#xA;" />'],
    ['new XElement("{urn:x}a", new XElement("b")).ToString()', 'System.String <a xmlns="urn:x">\n  <b xmlns="" />\n</a>'],
    ['new XElement("a", new XAttribute(XName.Get("k", "urn:x"), 1)).ToString()', 'System.String <a p1:k="1" xmlns:p1="urn:x" />'],
    ['(int?)XElement.Parse("<a/>").Element("b")', 'null'],
    ['(DateTime)new XElement("a", new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc))', 'System.DateTime 2024-01-02T03:04:05.0000000Z'],
    ['new XElement("a", TimeSpan.FromHours(25.5)).Value', 'System.String P1DT1H30M'],
    ["XElement.Parse(\"<a x='1' x='2'/>\")", "throws System.Xml.XmlException: 'x' is a duplicate attribute name. Line 1, position 10."],
    ['XElement.Parse("<a>&foo;</a>")', "throws System.Xml.XmlException: Reference to undeclared entity 'foo'. Line 1, position 5."],
    [
      'XElement.Parse("<!DOCTYPE a [<!ENTITY % p SYSTEM \'x\'>]><a/>")',
      'throws System.Xml.XmlException: For security reasons DTD is prohibited in this XML document. To enable DTD processing set the DtdProcessing property on XmlReaderSettings to Parse and pass the settings into XmlReader.Create method. Line 1, position 4.',
    ],
    [
      'XElement.Parse("<a><b></a>")',
      "throws System.Xml.XmlException: The 'b' start tag on line 1 position 5 does not match the end tag of 'a'. Line 1, position 9.",
    ],
    [
      'XElement.Parse("<a><b></b>")',
      'throws System.Xml.XmlException: Unexpected end of file has occurred. The following elements are not closed: a. Line 1, position 11.',
    ],
    ['XElement.Parse("<a><![CDATA[<]]>&#65;</a>").Value', 'System.String <A'],
    ['XDocument.Parse("<?xml version=\\"1.0\\"?><!--c--><a/>").ToString()', 'System.String <!--c-->\n<a />'],
    ['XElement.Parse("<a><b i=\'2\'/><b i=\'1\'/></a>").Elements("b").Attributes("i").Sum(x => (int)x)', 'System.Int32 3'],
    ['new XElement("a", 1, "b", null, new[] { 1, 2 }, true).Value', 'System.String 1b12true'],
    ['new XElement("1a")', "throws System.Xml.XmlException: Name cannot begin with the '1' character, hexadecimal value 0x31."],
    ['XElement.Parse("<a><b/></a>").Element("b").Ancestors().Count()', 'System.Int32 1'],
    ['new XDocument("text")', 'throws System.ArgumentException: Non-whitespace characters cannot be added to content.'],
    ['new XElement("a", new XAttribute("x", 1), new XAttribute("x", 2))', 'throws System.InvalidOperationException: Duplicate attribute.'],
    [
      'var e = XElement.Parse("<a><b/><c/></a>"); e.Element("c").ReplaceWith(new XElement("d", e.Element("b"))); return e.ToString(SaveOptions.DisableFormatting);',
      'System.String <a><b /><d><b /></d></a>',
    ],
  ])('%s', (code, outcome) => {
    expect(evaluate(code)).toBe(outcome);
  });
});

describe('a hostile document', () => {
  it('is refused when it nests too deeply', () => {
    const runtime = testRuntime();
    expect(() => parseElement('<a>'.repeat(5000), false, runtime.budget)).toThrow('The XML document is nested too deeply.');
  });
});
