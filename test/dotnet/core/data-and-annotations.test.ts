import { expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';

test.each([
  [
    '@{ var e = new Exception("x"); e.Data["a"] = 1; e.Data.Add("b", "c"); return e.Data.Count + "" + e.Data["a"] + e.Data["b"] + e.Data.Contains("z"); }',
    'String 21cFalse',
  ],
  ['@{ try { var x = new Exception("q"); x.Data["id"] = 7; throw x; } catch (Exception ex) { return (int)ex.Data["id"]; } }', 'Int32 7'],
  [
    '@{ var e = new XElement("a"); e.AddAnnotation("note"); return e.Annotation(typeof(string)) + "" + e.Annotations(typeof(string)).Count(); }',
    'String note1',
  ],
  ['@{ bool i; return StringComparer.IsWellKnownOrdinalComparer(StringComparer.OrdinalIgnoreCase, out i) + "" + i; }', 'String TrueTrue'],
  [
    '@{ System.Collections.IDictionary d = new Dictionary<string,int>(); d["a"] = 5; d.Add("b", 6); d.Remove("a"); return d.Count + "" + d["b"]; }',
    'String 16',
  ],
])('%s', (expression, outcome) => {
  expect(evaluate(expression).slice(0, outcome.length)).toBe(outcome);
});
