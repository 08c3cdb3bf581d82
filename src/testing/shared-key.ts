/** The one shared key with which the policies of a workspace check tokens, so that a minted token fits without being told. */
import type { SigningKey } from '../identity/providers/stand-in.ts';
import { policyDocuments } from '../workspace/documents.ts';
import type { Workspace } from '../workspace/model.ts';
import { textContent } from '../xml/content.ts';
import { attributeNamed, childElements, childNamed, type PolicyDocument, type XmlElement } from '../xml/tree.ts';
import { fillNamedValues } from './audiences.ts';

export interface SharedKey {
  readonly signing: SigningKey;
  /** The first issuer that the policy accepts, where it names some. */
  readonly issuer: string | undefined;
}

/** None where a policy looks at a provider's keys, certificates or another shared key: then tokens are the provider's. */
export function sharedKeyOf(workspace: Workspace): SharedKey | undefined {
  const checks = policyDocuments(workspace).flatMap((document) =>
    document.elements.flatMap((root) => checksIn(root).map((check) => keyIn(check, document, workspace))),
  );
  const [first] = checks;
  return first && checks.every((other) => other?.signing.jwk.k === first.signing.jwk.k) ? first : undefined;
}

function checksIn(element: XmlElement): readonly XmlElement[] {
  const checks = element.name === 'validate-jwt' || element.name === 'validate-azure-ad-token';
  return checks ? [element] : childElements(element).flatMap(checksIn);
}

function keyIn(check: XmlElement, document: PolicyDocument, workspace: Workspace): SharedKey | undefined {
  const literal = (element: XmlElement | undefined): string | undefined => {
    const value = element && textContent(element, document.file);
    return value?.kind === 'literal' ? fillNamedValues(value.text.text.trim(), workspace) : undefined;
  };
  const list = childNamed(check, 'issuer-signing-keys');
  const [key, second] = list ? childElements(list) : [];
  if (!key || second || childNamed(check, 'openid-config')) return undefined;
  const k = literal(key)?.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  if (!k || !/^[\w-]+$/.test(k)) return undefined;
  const id = attributeNamed(key, 'id')?.value;
  const kid = id?.kind === 'literal' ? fillNamedValues(id.text.text, workspace) : undefined;
  const issuers = childNamed(check, 'issuers');
  return { signing: { jwk: { kty: 'oct', k }, algorithm: 'HS256', kid }, issuer: issuers && literal(childElements(issuers)[0]) };
}
