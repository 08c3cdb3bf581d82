import { describe, expect, it } from 'vitest';
import { evaluate } from '../../support/expressions.ts';

const DOCUMENT = "<a><b n='1'>one</b><b n='2'>two</b><b n='3'>three</b><c>x</c></a>";

describe('XPath', () => {
  it.each([
    ['count(//b)', 'System.Double 3'],
    ['b[2]', 'System.Object[] ["<b n=\\"2\\">two</b>"]'],
    ['b[last()]/@n', 'System.Object[] ["n=\\"3\\""]'],
    ["string(b[@n='2'])", 'System.String two'],
    ['sum(b/@n) * 2', 'System.Double 12'],
    ["//b[contains(., 'o')] | c", 'System.Object[] ["<b n=\\"1\\">one</b>","<b n=\\"2\\">two</b>","<c>x</c>"]'],
    ['b[position() > 1 and @n != 3]', 'System.Object[] ["<b n=\\"2\\">two</b>"]'],
    ['c/preceding-sibling::b[1]/@n', 'System.Object[] ["n=\\"3\\""]'],
    ["concat(normalize-space(' a  b '), substring('hello', 2, 3))", 'System.String a bell'],
    ['foo()', 'throws System.Xml.XPath.XPathException: XsltContext is needed for this query because of an unknown function.'],
    ['b[', 'throws System.Xml.XPath.XPathException: Expression must evaluate to a node-set.'],
    ['p:x', "throws System.Xml.XPath.XPathException: Namespace prefix 'p' is not defined."],
    ["translate('abc', 'abc', 'AB')", 'System.String AB'],
    ['1 div 0 > 3 or false()', 'System.Boolean true'],
  ])('%s', (path, outcome) => {
    expect(
      evaluate(`System.Xml.XPath.Extensions.XPathEvaluate(XElement.Parse(${JSON.stringify(DOCUMENT)}), ${JSON.stringify(path)})`),
    ).toBe(outcome);
  });
});
