/** What looks like a finding and is none, rule by rule, beside what is one. */
import { describe, expect, it } from 'vitest';
import { lintAlone, lintWorkspace } from '../../src/lint/lint.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { lintWorkspaceOf } from './support.ts';

const alone = (text: string) => lintAlone(readDocument(text, 'policy.xml').document).map(({ rule }) => rule);
const together = (text: string) => lintWorkspace(lintWorkspaceOf(text)).map(({ rule }) => rule);
const inbound = (text: string) => `<policies><inbound><base />${text}</inbound></policies>`;
const limit = (key: string) => `<rate-limit-by-key calls="1" renewal-period="1" counter-key="${key}" />`;
const when = (condition: string, inner: string) => `<when condition="@(${condition})">${inner}</when>`;
const AUTH = 'context.Request.Headers.GetValueOrDefault("Authorization", "").AsBasic()';
const KEY = '@(context.Subscription.Id)';
const SEND =
  '<send-request mode="new" response-variable-name="r" timeout="5" ignore-error="true"><set-url>https://a.test</set-url></send-request>';
const JWT = (inner: string) =>
  `<validate-jwt header-name="Authorization"><openid-config url="https://login.test/.well-known/openid-configuration" />${inner}</validate-jwt>`;
const CORS = (credentials: string, origin: string) =>
  `<cors${credentials}><allowed-origins><origin>${origin}</origin></allowed-origins><allowed-methods><method>GET</method></allowed-methods></cors>`;

/** Rule, what it reports, what it does not. */
const CASES: readonly [string, string, string][] = [
  [
    'unchecked-token',
    `<set-variable name="a" value="@(${AUTH}.UserId)" />`,
    `<set-variable name="a" value="@(${AUTH} == null || ${AUTH}.UserId == "a")" />`,
  ],
  [
    'empty-branch',
    `<choose>${when('context.Request.Method == "GET"', '<set-method>PUT</set-method>')}<otherwise /></choose>`,
    `<choose>${when('context.Request.Method == "GET"', '')}<otherwise><set-method>PUT</set-method></otherwise></choose>`,
  ],
  ['constant-counter-key', limit('orders'), limit('orders-backend')],
  [
    'equal-counter-keys',
    `${limit(KEY)}${limit(KEY)}`,
    `<choose>${when('context.Request.Method == "GET"', `<choose>${when('context.Request.IpAddress == "1"', limit(KEY))}</choose>`)}<otherwise>${limit(KEY)}</otherwise></choose>`,
  ],
  [
    'long-code',
    `<set-body>@{\n${Array.from({ length: 70 }, (_, i) => `var a${i} = ${i};`).join('\n')}\nreturn ""; }</set-body>`,
    `<set-body>@{\n return @"${'line\n'.repeat(90)}"; }</set-body>`,
  ],
  [
    'deprecated-policy',
    '<cross-domain><cross-domain-policy /></cross-domain>',
    `<azure-openai-token-limit counter-key="${KEY}" tokens-per-minute="1" estimate-prompt-tokens="false" />`,
  ],
  [
    'second-body-read',
    '<set-variable name="a" value="@(context.Request.Body.As<string>())" /><set-body>@(context.Request.Body.As<string>())</set-body>',
    '<set-variable name="a" value="@(context.Request.Body.As<string>(true))" /><set-body>@(context.Request.Body.As<string>())</set-body>',
  ],
  [
    'impossible-cast',
    '<set-variable name="a" value="1" /><set-method>@(((int)context.Variables["a"]).ToString())</set-method>',
    '<set-variable name="a" value="@(1)" /><set-method>@(((int)context.Variables["a"]).ToString())</set-method>',
  ],
  [
    'unreachable-policy',
    '<return-response /><set-method>GET</set-method>',
    `<choose>${when('context.Request.Method == "GET"', '<return-response />')}</choose><set-method>GET</set-method>`,
  ],
  [
    'unchecked-response',
    `${SEND}<set-method>@(((IResponse)context.Variables["r"]).StatusReason)</set-method>`,
    `${SEND.replace('true', 'false')}<set-method>@(((IResponse)context.Variables["r"]).StatusReason)</set-method>`,
  ],
  [
    'secret-literal',
    '<set-header name="Authorization"><value>Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJl</value></set-header>',
    '<set-header name="Authorization"><value>Bearer {{token}}</value></set-header>',
  ],
  [
    'secret-in-log',
    '<trace source="a"><message>@(context.Request.Headers.GetValueOrDefault("Authorization", ""))</message></trace>',
    '<trace source="a"><message>@(context.Request.Headers.ContainsKey("Authorization") ? "with" : "without")</message></trace>',
  ],
  ['cors-any-origin-with-credentials', CORS(' allow-credentials="true"', '*'), CORS(' allow-credentials="true"', 'https://a.test')],
  ['no-audience', JWT(''), JWT('<required-claims><claim name="aud"><value>a</value></claim></required-claims>')],
];

describe('a near miss is not reported', () => {
  it.each(CASES)('%s', (rule, hit, miss) => {
    expect(alone(inbound(hit)).concat(together(inbound(hit)))).toContain(rule);
    expect(alone(inbound(miss)).concat(together(inbound(miss)))).not.toContain(rule);
  });

  it('unset-variable: set in another section of the path', () => {
    const read = '<set-header name="a"><value>@((string)context.Variables["a"])</value></set-header>';
    const set = '<set-variable name="a" value="b" />';
    expect(together(`<policies><inbound><base /></inbound><outbound><base />${read}</outbound></policies>`)).toContain('unset-variable');
    expect(together(`<policies><inbound><base />${set}</inbound><outbound><base />${read}</outbound></policies>`)).not.toContain(
      'unset-variable',
    );
  });

  it('missing-base, no-forward: a section that answers by itself', () => {
    const text = '<policies><inbound><base /></inbound><backend /><outbound><base /><set-body>made here</set-body></outbound></policies>';
    expect(alone(text)).not.toContain('no-forward');
    expect(alone(text.replace('<set-body>made here</set-body>', ''))).toContain('no-forward');
  });

  it('no-forward: a global document whose base brings nothing', () => {
    const global = (backend: string, inbound = '') =>
      `<policies><inbound>${inbound}</inbound><backend>${backend}</backend><outbound /><on-error /></policies>`;
    const found = (text: string, api = '<policies><inbound><base /></inbound></policies>') =>
      lintWorkspace(lintWorkspaceOf(api, { 'policy.xml': text })).filter(({ rule }) => rule === 'no-forward');
    expect(found(global('<base />'))).toMatchObject([
      { message: '`<base />` brings nothing into the global document: nothing calls the backend', help: 'write `<forward-request />`' },
    ]);
    expect(found(global('<forward-request />'))).toEqual([]);
    expect(found(global('<base />', '<return-response />'))).toEqual([]);
    expect(found(global('<base />'), '<policies><backend><forward-request /></backend></policies>')).toEqual([]);
  });

  it('unchecked-response: the first read, not those that run only when it had an answer', () => {
    const status = '((IResponse)context.Variables["r"]).StatusCode';
    const text = `${SEND}<choose>${when(`${status} == 200`, `<set-method>@(${status}.ToString())</set-method>`)}</choose>`;
    expect(alone(text).filter((rule) => rule === 'unchecked-response')).toHaveLength(1);
  });

  it('unbuffered-retry: a forward that buffers', () => {
    const retry = (forward: string) =>
      `<policies><backend><retry condition="@(context.Response.StatusCode == 500)" count="1" interval="1">${forward}</retry></backend></policies>`;
    expect(alone(retry('<forward-request />'))).toContain('unbuffered-retry');
    expect(alone(retry('<forward-request buffer-request-body="true" />'))).not.toContain('unbuffered-retry');
  });
});
