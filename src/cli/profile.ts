/** `portico check --profile`: how each document fares on one kind of gateway, by what the policies' declarations say. */
import { ALL_GATEWAYS, type ElementDeclaration, type GatewayKind, type PolicyDefinition } from '../policies/definition.ts';
import * as faults from '../policies/faults.ts';
import { policyNamed } from '../policies/registry.ts';
import type { Diagnostic } from '../source/diagnostic.ts';
import { SourceFile } from '../source/source-file.ts';
import type { Span } from '../source/span.ts';
import { readFile } from '../xml/reader.ts';
import { childElements, type XmlAttribute, type XmlElement } from '../xml/tree.ts';
import type { Profile, ProfiledDocument, ProfileNote } from './profile-text.ts';

/** What a profile found, and the same as problems, for formats that know nothing else; a refusal is an error there. */
export interface ProfileFound {
  readonly profile: Profile;
  readonly problems: readonly Diagnostic[];
}

/** `problems`: what the check found; a document with errors is refused by every target. */
export function profileOf(
  target: GatewayKind,
  files: readonly { readonly name: string; readonly text: string }[],
  problems: readonly Diagnostic[],
): ProfileFound {
  const broken = new Set(problems.filter(({ severity }) => severity === 'error').map(({ file }) => file.name));
  const found = files.map(({ name, text }) => profiled(target, new SourceFile(name, text), broken.has(name)));
  const documents = found.map(({ document }) => document);
  const having = (outcome: ProfiledDocument['outcome']) => documents.filter((document) => document.outcome === outcome).length;
  return {
    profile: {
      target,
      same: having('runs as on Azure'),
      different: having('runs with a named difference'),
      refused: having('refused by that target'),
      documents,
    },
    problems: found.flatMap((one) => one.problems),
  };
}

function profiled(
  target: GatewayKind,
  file: SourceFile,
  isBroken: boolean,
): { document: ProfiledDocument; problems: readonly Diagnostic[] } {
  const { document } = readFile(file);
  const found = document.elements.flatMap((element) => notesIn(element, { target, file }));
  const notes = found.map(({ note }) => note);
  const isRefused = isBroken || notes.some(({ kind }) => kind === 'refused');
  const outcome = isRefused ? 'refused by that target' : notes.length > 0 ? 'runs with a named difference' : 'runs as on Azure';
  return { document: { file: file.name, outcome, notes }, problems: found.map((one) => problemOf(one, file)) };
}

function problemOf({ note: { kind, message }, span }: FoundNote, file: SourceFile): Diagnostic {
  const fault = kind === 'refused' ? faults.refusedByTarget(message) : faults.otherOnTarget(message);
  return { severity: 'error', ...fault, file, span };
}

/** A note with its place. */
interface FoundNote {
  readonly note: ProfileNote;
  readonly span: Span;
}

interface Place {
  readonly target: GatewayKind;
  readonly file: SourceFile;
}

/** Notes on the element and everything in it that is no mere text of a body. */
function notesIn(element: XmlElement, place: Place): FoundNote[] {
  const definition = policyNamed(element.name);
  const own = definition ? notesOn(element, definition, place) : [];
  if (definition?.content === 'body' || definition?.name === 'xsl-transform') return own;
  return [...own, ...childElements(element).flatMap((child) => notesIn(child, place))];
}

function notesOn(element: XmlElement, definition: PolicyDefinition, { target, file }: Place): FoundNote[] {
  const { name, gateways = ALL_GATEWAYS, standIn, differences } = definition;
  const note = (kind: ProfileNote['kind'], message: string, at: Span = element.nameSpan): FoundNote => {
    const { line, column } = file.positionAt(at.start);
    return { note: { line, column, policy: name, kind, message }, span: at };
  };
  if (!gateways.includes(target)) return [missing(definition, target, note)];
  const own = [differences?.[target], standIn && `here: ${standIn}`].flatMap((text) =>
    text ? [note('difference', `\`${name}\`: ${text}`)] : [],
  );
  return [...own, ...attributeNotes(element, definition, target, note)];
}

type MakeNote = (kind: ProfileNote['kind'], message: string, at?: Span) => FoundNote;

/** Names as the management API writes them in its refusals. */
const SKUS: Readonly<Record<GatewayKind, string>> = {
  classic: 'Premium',
  v2: 'StandardV2',
  consumption: 'Consumption',
  'self-hosted': 'SelfHosted',
  workspace: 'WorkspaceGateway',
};

/** A self-hosted gateway skips what it does not know, and a classic instance configures self-hosted gateways. */
function missing({ name, gateways = ALL_GATEWAYS }: PolicyDefinition, target: GatewayKind, note: MakeNote): FoundNote {
  if (target === 'self-hosted') return note('difference', `\`${name}\` is skipped: a self-hosted gateway does not have it`);
  if (target === 'classic' && gateways.includes('self-hosted')) return note('difference', `\`${name}\` runs in self-hosted gateways only`);
  return note('refused', `${name} Policy is not allowed in this sku ${SKUS[target]}`);
}

function attributeNotes(element: XmlElement, declaration: ElementDeclaration, target: GatewayKind, note: MakeNote): FoundNote[] {
  const own = element.attributes.flatMap((attribute) => {
    const text = attributeText(attribute, declaration, target);
    if (text === undefined) return [];
    const found = note('difference', text, attribute.nameSpan);
    return [{ ...found, note: { ...found.note, attribute: attribute.name } }];
  });
  const inner = childElements(element).flatMap((child) => {
    const declared = declaration.children?.find(({ name }) => name === child.name);
    return declared ? attributeNotes(child, declared, target, note) : [];
  });
  return [...own, ...inner];
}

function attributeText({ name, value }: XmlAttribute, declaration: ElementDeclaration, target: GatewayKind): string | undefined {
  const declared = declaration.attributes.find((one) => one.name === name);
  const what = `\`${name}\` of \`${declaration.name}\``;
  if (!declared || value.text.text === declared.default) return undefined;
  if (declared.inert) return `${what} has no effect here`;
  if (declared.gateways && !declared.gateways.includes(target)) return `${what} is for ${declared.gateways.join(' and ')} gateways only`;
  return declared.standIn === undefined ? undefined : `${what}, here: ${declared.standIn}`;
}
