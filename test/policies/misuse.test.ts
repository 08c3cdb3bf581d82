/** What every declaration promises to refuse: sections, scopes, attributes that are missing, unknown, of a wrong kind. */
import { describe, expect, it } from 'vitest';
import { compileExpression } from '../../src/csharp/compile.ts';
import type { ScopeName, SectionName } from '../../src/exchange/events.ts';
import { checkDocument } from '../../src/pipeline/document.ts';
import { ALL_SCOPES, ALL_SECTIONS, type AttributeDeclaration, type PolicyDefinition } from '../../src/policies/definition.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { readDocument } from '../../src/xml/reader.ts';
import { environmentOf, type PolicyCase } from './runner.ts';

const environment = environmentOf({ name: 'misuse', expect: {} } satisfies PolicyCase, compileExpression);
/** `base` is no element of its own; include-fragment is put in place before it is checked. */
const CHECKED = POLICIES.filter(({ name }) => name !== 'base' && name !== 'include-fragment');

function problems(element: string, section: SectionName = 'inbound', scope: ScopeName = 'api'): string[] {
  const { document } = readDocument(`<policies><${section}>${element}</${section}></policies>`, 'policy.xml');
  return checkDocument(document, scope, environment).map(({ code, message }) => `${code} ${message}`);
}

function written({ name }: PolicyDefinition, attributes = ''): string {
  return `<${name} ${attributes}/>`;
}

describe.each(CHECKED.map((policy) => [policy.name, policy] as const))('%s', (name, policy) => {
  it('is refused in the sections that it does not name, and taken in the others', () => {
    const refusing = ALL_SECTIONS.filter((section) =>
      problems(written(policy), section).includes(`PTC1003 \`${name}\` is not allowed in \`${section}\``),
    );
    expect(refusing).toEqual(ALL_SECTIONS.filter((section) => !policy.sections.includes(section)));
  });

  it('is refused in the scopes that it does not name', () => {
    const section = policy.sections[0] ?? 'inbound';
    const refusing = ALL_SCOPES.filter((scope) =>
      problems(written(policy), section, scope).includes(`PTC1004 \`${name}\` is not allowed in a document of ${scope} scope`),
    );
    expect(refusing).toEqual(ALL_SCOPES.filter((scope) => !policy.scopes.includes(scope)));
  });

  it('asks for what it needs and knows no other attributes', () => {
    const found = problems(written(policy, 'qqqq="1"'), policy.sections[0]);
    expect(found).toContain("PTC1006 The 'qqqq' attribute is not declared.");
    for (const one of policy.attributes.filter(({ required }) => required))
      expect(found).toContain(`PTC1007 The required attribute '${one.name}' is missing.`);
    expect(found.filter((text) => text.startsWith('PTC1007')).length).toBeGreaterThanOrEqual(
      policy.attributes.filter(({ required }) => required).length,
    );
  });

  it('refuses values of a wrong kind', () => {
    for (const attribute of policy.attributes) {
      const [value, expected] = wrongValue(attribute);
      if (value === undefined) continue;
      expect(problems(written(policy, `${attribute.name}="${value}"`), policy.sections[0])).toContainEqual(expect.stringMatching(expected));
    }
  });
});

/** A value that the declaration does not take, and the problem that it makes. */
function wrongValue({ name, type, expressions, min, max }: AttributeDeclaration): [string | undefined, RegExp] {
  const of = (code: string) => new RegExp(`^${code} .*\`${name}\``);
  if (!expressions) return ['@(1 + 1)', of('PTC1015')];
  if (type === 'enum') return ['qqqq', of('PTC1019')];
  if (type === 'boolean' || type === 'condition') return ['qqqq', of('PTC1018')];
  if (type === 'integer') return ['1.5x', of('PTC1016')];
  if (type === 'number') return ['many', of('PTC1017')];
  if (min !== undefined || max !== undefined) return [String((min ?? 0) - 1), of('PTC1020')];
  return [undefined, /^$/];
}

it.each([
  ['when', 'it only stands inside `choose`'],
  ['value', 'it only stands inside other policies, such as `validate-jwt`, `validate-azure-ad-token`, `check-header`, `set-header`'],
  ['set-heder', 'write `set-header`'],
])('%s, which is not a policy, comes with what to do', (name, help) => {
  const { document } = readDocument(`<policies><inbound><${name} /></inbound></policies>`, 'policy.xml');
  expect(checkDocument(document, 'api', environment)).toMatchObject([{ code: 'PTC1001', help }]);
});
