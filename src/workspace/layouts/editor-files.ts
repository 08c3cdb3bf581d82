/**
 * What the extension of VS Code saves: `<service>.policy.cshtml`, `<service>-<api>.policy.cshtml`,
 * `<service>-<api>-<operation>.policy.cshtml`, `<service>-<product>.policy.cshtml`, and `<service>-<api>-openapi.json`.
 * The names alone do not tell a product from an API: what is behind them does.
 */
import { join } from 'node:path';
import { span } from '../../source/span.ts';
import type { PolicyDocument } from '../../xml/tree.ts';
import { entriesOf, type Files } from '../files.ts';
import { normalizeOperationId } from '../openapi.ts';
import type { Paced } from '../paced.ts';
import type { Resource } from '../resources.ts';
import * as faults from './faults.ts';

const POLICY = /^(.+?)(?:-tempFile)?\.policy\.(?:cshtml|xml)$/i;
const OPENAPI = /^(.+?)-openapi(?:-tempFile)?\.(?:json|ya?ml)$/i;

/** What the DevOps Resource Kit calls documents that its templates link to. */
const KIT = /^(?:globalServicePolicy|(.+?)-(api|operation|product)Policy)\.xml$/i;

export function isKitDocument(name: string): boolean {
  return KIT.test(name);
}

export function isEditorLayout(directory: string): boolean {
  return entriesOf(directory).some((name) => POLICY.test(name));
}

/** A folder of the resource kit's documents without its templates. */
export function isKitPolicies(directory: string): boolean {
  return entriesOf(directory).some((name) => KIT.test(name));
}

/** APIs first: the name of an operation's document starts with that of its API. */
export function* readKitPolicies(files: Files, directory: string, root: Resource): Paced<void> {
  const found = entriesOf(directory).flatMap((name) => {
    const match = KIT.exec(name);
    return match ? [{ name, owner: match[1] ?? '', kind: (match[2] ?? 'global').toLowerCase() }] : [];
  });
  const order = ['global', 'product', 'api', 'operation'];
  for (const { name, owner, kind } of found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))) {
    yield;
    const policy = files.policy(join(directory, name));
    if (!policy) continue;
    if (kind === 'global') root.policy = policy;
    else if (kind === 'operation') attach(files, root, owner, policy, false);
    else root.part(kind === 'api' ? 'apis' : 'products', owner).policy = policy;
  }
}

export function* readEditorFiles(files: Files, directory: string, root: Resource): Paced<void> {
  const entries = entriesOf(directory);
  const service = commonStart(entries.flatMap((name) => POLICY.exec(name)?.[1] ?? OPENAPI.exec(name)?.[1] ?? []));
  for (const name of entries) {
    yield;
    const owner = OPENAPI.exec(name)?.[1];
    const specification = owner === undefined ? undefined : files.openApi(join(directory, name));
    if (specification && owner !== undefined) root.part('apis', owner.slice(service.length)).specification = specification;
  }
  for (const name of entries) {
    yield;
    const owner = POLICY.exec(name)?.[1];
    const policy = owner === undefined ? undefined : files.policy(join(directory, name));
    if (policy && owner !== undefined) attach(files, root, owner.slice(service.length), policy, `${owner}-`.length <= service.length);
  }
}

/** `service-` of all names; of one name alone nothing can be told. */
function commonStart(names: readonly string[]): string {
  const sorted = [...names].sort((a, b) => a.length - b.length);
  const shortest = sorted[0] ?? '';
  if (names.length > 1 && names.every((name) => name === shortest || name.startsWith(`${shortest}-`))) return `${shortest}-`;
  const first = shortest.split('-')[0] ?? '';
  return names.length > 1 && first !== '' && names.every((name) => name.startsWith(`${first}-`)) ? `${first}-` : '';
}

function attach(files: Files, root: Resource, name: string, policy: PolicyDocument, isService: boolean): void {
  if (isService) {
    root.policy = policy;
    return;
  }
  const apis = root.all('apis').filter((api) => name === api.name || name.startsWith(`${api.name}-`));
  const api = apis.sort((a, b) => b.name.length - a.name.length)[0];
  if (!api) {
    if (root.all('apis').length > 0) files.report({ severity: 'warning', ...faults.noOwner(name), file: policy.file, span: span(0) });
    root.part('apis', name).policy = policy;
  } else if (api.name === name) api.policy = policy;
  else attachOperation(api, name.slice(api.name.length + 1), policy);
}

function attachOperation(api: Resource, name: string, policy: PolicyDocument): void {
  const known = api.specification?.kind === 'openapi' ? api.specification.imported().operations : [];
  const found = known.find(({ id }) => normalizeOperationId(id) === normalizeOperationId(name));
  api.part('operations', found?.id ?? name).policy = policy;
}
