/** `<api>` and `<operation>` inside rate-limit and quota: which entity they mean. */
import type { PolicyCompiler, PolicyElement } from '../compiler.ts';
import { type AttributeDeclaration, optional } from '../definition.ts';
import * as faults from '../faults.ts';

export const ENTITY_NAMES: readonly AttributeDeclaration[] = [
  optional('id', 'string', 'Id; wins over name.', { expressions: false }),
  optional('name', 'string', 'Name.', { expressions: false }),
];

/** Whether the element means the thing; one that names nothing is reported. */
export function entityMatcher(
  element: PolicyElement,
  compiler: PolicyCompiler,
): (thing: { readonly id: string; readonly name: string } | null) => boolean {
  const id = element.literal('id');
  const name = element.literal('name');
  if (id === undefined && name === undefined) compiler.report(faults.missingOneOf(element.name, ['id', 'name']), element.xml.nameSpan);
  return (thing) => thing !== null && (id === undefined ? name === thing.name : id === thing.id);
}
