/** `portico check --profile`: how a document fares on each kind of gateway. */
import { describe, expect, it } from 'vitest';
import { profileOf } from '../../src/cli/profile.ts';
import { profileText } from '../../src/cli/profile-text.ts';
import type { GatewayKind } from '../../src/policies/definition.ts';

const document = (inbound: string, outbound = '') => `<policies><inbound>${inbound}</inbound><outbound>${outbound}</outbound></policies>`;

function outcome(target: GatewayKind, text: string) {
  const { profile } = profileOf(target, [{ name: 'policy.xml', text }], []);
  return [profile.documents[0]?.outcome, ...(profile.documents[0]?.notes ?? []).map(({ message }) => message)];
}

describe('a profile', () => {
  it.each<[GatewayKind, string, readonly string[]]>([
    ['classic', '<set-method>GET</set-method>', ['runs as on Azure']],
    [
      'consumption',
      '<choose><when condition="true"><quota-by-key calls="1" renewal-period="300" counter-key="k" /></when></choose>',
      ['refused by that target', 'quota-by-key Policy is not allowed in this sku Consumption'],
    ],
    [
      'self-hosted',
      '<get-authorization-context provider-id="p" authorization-id="a" context-variable-name="v" />',
      ['runs with a named difference', '`get-authorization-context` is skipped: a self-hosted gateway does not have it'],
    ],
    [
      'workspace',
      '<log-to-eventhub logger-id="l">x</log-to-eventhub>',
      ['refused by that target', 'log-to-eventhub Policy is not allowed in this sku WorkspaceGateway'],
    ],
    [
      'classic',
      '<publish-to-dapr topic="a/b">x</publish-to-dapr>',
      ['runs with a named difference', '`publish-to-dapr` runs in self-hosted gateways only'],
    ],
    [
      'v2',
      '<rate-limit calls="1" renewal-period="60" />',
      ['runs with a named difference', '`rate-limit`: counts in a token bucket there, in a sliding window here'],
    ],
    [
      'classic',
      '<set-backend-service backend-id="dapr" dapr-app-id="a" dapr-method="m" />',
      [
        'runs with a named difference',
        '`dapr-app-id` of `set-backend-service` is for self-hosted gateways only',
        '`dapr-method` of `set-backend-service` is for self-hosted gateways only',
      ],
    ],
    ['classic', '<set-body><rate-limit-by-key /></set-body>', ['runs as on Azure']],
    ['classic', '<mock-response index="1" />', ['runs with a named difference', '`index` of `mock-response` has no effect here']],
  ])('%s: %s', (target, inbound, expected) => {
    expect(outcome(target, document(inbound))).toEqual(expected);
  });

  it('counts documents and prints one line each, with the place of every note', () => {
    const files = [
      { name: 'a.xml', text: document('<set-method>GET</set-method>') },
      { name: 'b.xml', text: document('<rate-limit-by-key calls="1" renewal-period="1" counter-key="k" />') },
    ];
    const { profile, problems } = profileOf('consumption', files, []);
    expect(profileText(profile)).toBe(
      'a.xml: runs as on Azure\nb.xml: refused by that target\n  1:21 rate-limit-by-key Policy is not allowed in this sku Consumption\non consumption: 1 as on Azure, 0 with a named difference, 1 refused\n',
    );
    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['PTC1037', 'error']]);
  });
});
