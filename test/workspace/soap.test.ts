/** SOAP APIs: which operation a call is for, what a WSDL file says of it, and the policies that an import for REST makes. */
import { describe, expect, it } from 'vitest';
import { Body } from '../../src/exchange/body.ts';
import { Headers } from '../../src/exchange/headers.ts';
import { Url } from '../../src/exchange/url.ts';
import { importWsdl } from '../../src/workspace/wsdl.ts';
import { running } from './running.ts';
import { json, load } from './support.ts';

const WSDL = `<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:http="http://schemas.xmlsoap.org/wsdl/http/" xmlns:t="urn:calc" targetNamespace="urn:calc">
<wsdl:message name="AddIn"><wsdl:part name="parameters" element="t:AddRequest"/></wsdl:message>
<wsdl:message name="PingIn"/>
<wsdl:portType name="HttpP"><wsdl:operation name="Wrong"/></wsdl:portType>
<wsdl:portType name="P"><wsdl:operation name="Add"><wsdl:input message="t:AddIn"/></wsdl:operation><wsdl:operation name="Ping"><wsdl:input message="t:PingIn"/></wsdl:operation></wsdl:portType>
<wsdl:binding name="HttpB" type="t:HttpP"><http:binding verb="GET"/><wsdl:operation name="Wrong"><http:operation location="/Wrong"/></wsdl:operation></wsdl:binding>
<wsdl:binding name="B" type="t:P"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="Add"><soap:operation soapAction="urn:calc?a=1&amp;b=2#Add"/></wsdl:operation>
<wsdl:operation name="Ping"><soap:operation soapAction=""/></wsdl:operation></wsdl:binding>
<wsdl:binding name="B12" type="t:P"><soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>
<wsdl:operation name="Add"><soap12:operation soapAction="urn:calc12#Add"/></wsdl:operation></wsdl:binding>
<wsdl:service name="S"><wsdl:port name="H" binding="t:HttpB"><http:address location="https://http.internal"/></wsdl:port>
<wsdl:port name="Q" binding="t:B"><soap:address location="https://calc.internal/svc?x=1&amp;y=2"/></wsdl:port>
<wsdl:port name="Q12" binding="t:B12"><soap12:address location="https://calc12.internal/svc"/></wsdl:port></wsdl:service>
<wsdl:service name="S2"><wsdl:port name="Q2" binding="t:B12"><soap12:address location="https://second.internal"/></wsdl:port></wsdl:service>
</wsdl:definitions>`;

describe('a WSDL file', () => {
  it.each([
    ['nothing is selected', {}, 'https://calc.internal/svc?x=1&y=2', ['/?soapAction=urn:calc?a=1%26b=2#Add', '/?soapAction=Ping']],
    ['an endpoint is', { endpoint: 'Q12' }, 'https://calc12.internal/svc', ['/?soapAction=urn:calc12#Add']],
    ['a service is', { service: 'S2' }, 'https://second.internal', ['/?soapAction=urn:calc12#Add']],
  ])('gives the operations of its SOAP port when %s', (_name, selector, url, templates) => {
    const { operations, serviceUrl } = importWsdl(WSDL, selector);
    expect([serviceUrl, operations.map(({ urlTemplate }) => urlTemplate)]).toEqual([url, templates]);
  });
});

const CALC = (more: object = {}) => ({
  'apis/calc/apiInformation.json': json({
    path: 'calc',
    type: 'soap',
    subscriptionRequired: false,
    serviceUrl: 'https://calc.internal/svc',
    ...more,
  }),
  'apis/calc/specification.wsdl': WSDL,
});
const ID =
  '<policies><inbound><base /><set-header name="X-Op" exists-action="override"><value>@(context.Operation.Id)</value></set-header></inbound></policies>';
const envelope = (name: string) =>
  `<?xml version="1.0"?>\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><a>1</a></s:Header><s:Body><t:${name} xmlns:t="urn:calc"/></s:Body></s:Envelope>`;

describe('a SOAP call', () => {
  it.each([
    ['its SOAPAction', { 'Content-Type': 'text/xml', SOAPAction: '"urn:calc12#Add"' }, envelope('Other'), 'Add'],
    ['the action of its media type', { 'Content-Type': 'application/soap+xml;action="urn:calc12#Add"' }, envelope('Other'), 'Add'],
    ['the element that the WSDL names', { 'Content-Type': 'text/xml' }, envelope('AddRequest'), 'Add'],
    ['the name of the operation', { 'Content-Type': 'text/xml', SOAPAction: '""' }, envelope('Add'), 'Add'],
  ])('is known by %s', async (_name, headers, body, operation) => {
    const { call, requests } = running(
      load({ ...CALC({ wsdlSelector: { wsdlServiceName: 'S', wsdlEndpointName: 'Q12' } }), 'apis/calc/policy.xml': ID }),
    );
    expect((await call('POST /calc', headers, body)).status).toBe(200);
    const sent = requests[0]?.headers ?? [];
    expect(sent[sent.indexOf('X-Op') + 1]).toBe(operation);
  });

  it('matches a template whose action is written as in a URL', async () => {
    const files = {
      'apis/calc/apiInformation.json': json({
        path: 'calc',
        type: 'soap',
        subscriptionRequired: false,
        serviceUrl: 'https://calc.internal',
      }),
      'apis/calc/operations/add/operationInformation.json': json({ method: 'POST', urlTemplate: '/?soapAction=http%3A%2F%2Fcalc%2FAdd' }),
    };
    const { call } = running(load(files));
    expect((await call('POST /calc?soapAction=http%3A%2F%2Fcalc%2FAdd')).status).toBe(200);
    expect((await call('POST /calc', { SOAPAction: 'http://calc/Add' })).status).toBe(200);
    expect((await call('POST /calc', { SOAPAction: 'http://calc/Sub' }, envelope('Sub'))).status).toBe(404);
  });

  it.each([[200], [500]])('has the answer %i of its service passed on as it is, faults too', async (status) => {
    const { call, requests } = running(load(CALC()), () => `${status} Content-Type:application/soap+xml`);
    const answer = await call(
      'POST /calc?soapAction=Ping',
      { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: '"Ping"' },
      envelope('Ping'),
    );
    expect([answer.status, answer.header('Content-Type')]).toEqual([status, 'application/soap+xml']);
    expect(requests[0]?.headers).toEqual(expect.arrayContaining(['text/xml; charset=utf-8', '"Ping"']));
  });

  it.each<[string, string | null, number, string]>([
    ['is too large', 'x'.repeat(200), 413, 'BodyTooLarge'],
    ['breaks off', null, 500, 'ClientConnectionFailure'],
  ])('whose body %s before its operation is known runs the global on-error', async (_what, text, status, reason) => {
    const onError =
      '<policies><inbound /><backend><forward-request /></backend><outbound /><on-error><set-variable name="r" value="@(context.LastError.Reason)" /></on-error></policies>';
    const { engine } = running(load({ ...CALC(), 'policy.xml': onError, 'portico.yaml': 'limits: { body: 100 }\n' }));
    const stream = (async function* () {
      if (text === null) throw new Error('aborted');
      yield new TextEncoder().encode(text);
    })();
    const url = Url.parse('https://gateway.test/calc');
    if (!url) throw new Error('no URL');
    const exchange = await engine.run({
      method: 'POST',
      url,
      headers: new Headers(['Content-Type', 'text/xml']),
      body: Body.ofCaller(stream),
    });
    expect([exchange.response?.status, exchange.variables.get('r'), exchange.lastError?.source]).toEqual([
      status,
      reason,
      'request-handler',
    ]);
  });
});
