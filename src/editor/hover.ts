/** What an editor shows beside the pointer: policies, attributes, named values, types and members. */
import type { BoundExpression } from '../csharp/check/bound.ts';
import type { ExpressionEngine } from '../csharp/compile.ts';
import { namedValueReferences } from '../pipeline/named-values.ts';
import { policyNamed } from '../policies/registry.ts';
import type { Span } from '../source/span.ts';
import type { Workspace } from '../workspace/model.ts';
import { childElements, type PolicyDocument, type XmlElement } from '../xml/tree.ts';
import { bindCode, expressionAt } from './code-model.ts';
import { describeAttribute, documentationOf } from './completion.ts';
import { declarationAt, decodedOffset, elementsAt, valueAt } from './place.ts';

export interface Hover {
  /** Markdown. */
  readonly text: string;
  readonly span: Span;
}

export function hoverAt(
  document: PolicyDocument,
  offset: number,
  engine: ExpressionEngine,
  workspace: Workspace | undefined,
): Hover | undefined {
  const value = valueAt(document.nodes, offset);
  if (value !== undefined) {
    const at = decodedOffset(value, offset);
    const named = namedValueReferences(value.text.text).find(({ start, end }) => start <= at && at <= end);
    if (named) return { text: describeNamedValue(named.name, workspace), span: value.text.sourceSpan(named) };
    if (value.kind !== 'literal') {
      const program = bindCode(value.text.text, value.kind, engine);
      const found = program && expressionAt(program, at);
      return found && { text: describeExpression(found, engine), span: value.text.sourceSpan(found.span) };
    }
  }
  return hoverOfReference(document, offset, workspace) ?? hoverOfMarkup(document, offset);
}

/** What a fragment holds, where a backend leads. */
function hoverOfReference(document: PolicyDocument, offset: number, workspace: Workspace | undefined): Hover | undefined {
  const attribute = elementsAt(document, offset)
    .at(-1)
    ?.attributes.find(({ value: { span } }) => within(span, offset));
  const id = attribute?.value.kind === 'literal' ? attribute.value.text.text.trim() : '';
  if (attribute === undefined || workspace === undefined || id === '') return undefined;
  const text =
    attribute.name === 'fragment-id'
      ? describeFragment(id, workspace)
      : attribute.name === 'backend-id'
        ? describeBackend(id, workspace)
        : undefined;
  return text === undefined ? undefined : { text, span: attribute.value.span };
}

function describeFragment(id: string, { fragments }: Workspace): string {
  const fragment = fragments.get(id);
  if (fragment === undefined) return `policy fragment \`${id}\`, which does not exist`;
  const names = fragment.elements.flatMap(childElements).map(({ name }) => `\`${name}\``);
  return `policy fragment \`${id}\` in \`${fragment.file.name}\`: ${names.join(', ') || 'empty'}`;
}

function describeBackend(id: string, { backends }: Workspace): string {
  const backend = backends.get(id);
  if (backend === undefined) return `backend \`${id}\`, which does not exist`;
  const members = backend.pool?.members.map((member) => `\`${member.id}\``) ?? [];
  return `backend \`${id}\`: ${members.length > 0 ? `a pool of ${members.join(', ')}` : `\`${backend.url}\``}`;
}

function describeNamedValue(name: string, workspace: Workspace | undefined): string {
  const known = workspace?.namedValues.get(name);
  if (known === undefined) return `named value \`${name}\`${workspace ? ', which does not exist' : ''}`;
  return `named value \`${name}\`: ${known.secret ? 'secret' : `\`${known.value ?? 'no value'}\``}`;
}

function hoverOfMarkup(document: PolicyDocument, offset: number): Hover | undefined {
  const elements = elementsAt(document, offset);
  const element = elements[elements.length - 1];
  if (element === undefined) return undefined;
  const path = elements.map(({ name }) => name);
  if (within(element.nameSpan, offset)) return hoverOfElement(element, path);
  const attribute = element.attributes.find(({ nameSpan }) => within(nameSpan, offset));
  const declared = attribute && declarationAt(path)?.attributes.find(({ name }) => name === attribute.name);
  return (
    attribute &&
    declared && { text: `\`${declared.name}\`: ${describeAttribute(declared)}\n\n${declared.meaning}`, span: attribute.nameSpan }
  );
}

function hoverOfElement(element: XmlElement, path: readonly string[]): Hover | undefined {
  const policy = policyNamed(element.name);
  if (policy && declarationAt(path) === policy)
    return { text: `**${policy.name}** (${policy.sections.join(', ')})\n\n${documentationOf(policy)}`, span: element.nameSpan };
  const declared = declarationAt(path);
  return declared && { text: `\`<${declared.name}>\` of \`<${path[path.length - 2] ?? ''}>\``, span: element.nameSpan };
}

function within({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}

/** The signature of a member, or the type of a value. */
function describeExpression(found: BoundExpression, { types }: ExpressionEngine): string {
  const type = found.type.kind === 'special' && found.type.name !== 'void' ? '' : types.display(found.type);
  const code = (text: string) => `\`\`\`csharp\n${text}\n\`\`\``;
  switch (found.kind) {
    case 'call':
      return code(`${types.display(found.on)}: ${found.method.signature}`);
    case 'property':
      return code(`${types.display(found.on)}: ${found.property.signature}`);
    case 'local':
      return code(`${type} ${found.local.name}`);
    case 'context':
      return code('IProxyRequestContext context');
    default:
      return code(type);
  }
}
