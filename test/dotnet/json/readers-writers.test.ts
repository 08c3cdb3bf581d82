import { expect, test } from 'vitest';
import { evaluate } from '../evaluate.ts';

test.each([
  [
    '@{ var e = JsonConvert.DeserializeXNode("{\\"a\\":{\\"b\\":[1,2]}}"); return e.ToString(SaveOptions.DisableFormatting); }',
    'String <a><b>1</b><b>2</b></a>',
  ],
  ["@(JsonConvert.DeserializeXNode(\"{'?xml':{'@version':'1.0'},'r':{'@id':'7','#text':'x'}}\").ToString())", 'String <r id="7">x</r>'],
  [
    "@(JsonConvert.DeserializeXNode(\"{'a':1,'b':{'c d':null,'e':true,'f':1.5}}\", \"root\").ToString(SaveOptions.DisableFormatting))",
    'String <root><a>1</a><b><c_x0020_d /><e>true</e><f>1.5</f></b></root>',
  ],
  [
    "@(JsonConvert.DeserializeXNode(\"{'a':1,'b':2}\").ToString())",
    '! JsonSerializationException: JSON root object has multiple properties.',
  ],
  [
    '@(JsonConvert.DeserializeXNode("[1]").ToString())',
    '! JsonSerializationException: XmlNodeConverter can only convert JSON that begins with an object.',
  ],
  [
    "@(JsonConvert.DeserializeXNode(\"{'p:a':{'@xmlns:p':'urn:x','p:b':'1'}}\").ToString(SaveOptions.DisableFormatting))",
    'String <p:a xmlns:p="urn:x"><p:b>1</p:b></p:a>',
  ],
  [
    '@(JsonConvert.SerializeXNode(XDocument.Parse("<a x=\'1\'><b>1</b><b>2</b><c/><d></d><e>t</e></a>")))',
    'String {"a":{"@x":"1","b":["1","2"],"c":null,"d":"","e":"t"}}',
  ],
  [
    '@(JsonConvert.SerializeXNode(XElement.Parse("<a xmlns=\'urn:x\'><b>1</b></a>"), Newtonsoft.Json.Formatting.None, true))',
    'String {"@xmlns":"urn:x","b":"1"}',
  ],
  ['@(JObject.Load(JObject.Parse("{a:1}").CreateReader()).ToString(Newtonsoft.Json.Formatting.None))', 'String {"a":1}'],
  [
    '@(JObject.Load(JArray.Parse("[1]").CreateReader()))',
    "! JsonReaderException: Error reading JObject from JsonReader. Current JsonReader item is not an object: StartArray. Path '', line 1, position 1.",
  ],
  [
    '@{ var r = JToken.Parse("1").CreateReader(); JToken.Load(r); return JToken.Load(r); }',
    "! JsonReaderException: Error reading JToken from JsonReader. Path ''",
  ],
  [
    '@{ var a = new JArray(); using (var w = a.CreateWriter()) { new JValue(1).WriteTo(w); JObject.Parse("{b:2}").WriteTo(w); } return a.ToString(Newtonsoft.Json.Formatting.None); }',
    'String [1,{"b":2}]',
  ],
  [
    '@(XElement.Load(XDocument.Parse("<!--c--><a><b/></a>").CreateReader()).ToString(SaveOptions.DisableFormatting))',
    'String <a><b /></a>',
  ],
  ['@(XNode.ReadFrom(XElement.Parse("<a/>").CreateReader()))', '! InvalidOperationException: The XmlReader state should be Interactive.'],
  [
    '@{ var e = new XElement("r"); using (var w = e.CreateWriter()) { XElement.Parse("<a/>").WriteTo(w); new XText("t").WriteTo(w); } return e.ToString(SaveOptions.DisableFormatting); }',
    'String <r><a />t</r>',
  ],
  [
    '@(XElement.Load(new XText("x").CreateReader()))',
    '! InvalidOperationException: The XmlReader must be on a node of type Element instead of a node of type Text.',
  ],
])('%s', (expression, outcome) => {
  const found = evaluate(expression);
  expect(found.slice(0, outcome.length)).toBe(outcome);
});
