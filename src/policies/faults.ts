/** Wording of everything a policy element can do wrong at load time; one function per message. Azure's own sentence where one is known. */
import type { Diagnostic } from '../source/diagnostic.ts';

/** A diagnostic without its place. */
export type Fault = Pick<Diagnostic, 'code' | 'message' | 'help'> & {
  readonly severity?: Diagnostic['severity'];
  /** In lenient mode a warning: the policy fails when it is reached. */
  readonly lenient?: boolean;
};

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ');

/** The name among `known` that is one edit (or a change of case) away, as a sentence. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase();
  return (
    known.find((other) => other.toLowerCase() === lower) ??
    known.find((other) => withinEdits(lower, other.toLowerCase(), lower.length > 8 ? 2 : 1))
  );
}

/** Whether two texts differ by at most `limit` inserted, removed or changed characters. */
function withinEdits(a: string, b: string, limit: number): boolean {
  if (a === b) return true;
  if (limit === 0 || Math.abs(a.length - b.length) > limit) return false;
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at += 1;
  const [x, y] = [a.slice(at), b.slice(at)];
  return withinEdits(x.slice(1), y.slice(1), limit - 1) || withinEdits(x.slice(1), y, limit - 1) || withinEdits(x, y.slice(1), limit - 1);
}

function suggestion(name: string, known: readonly string[], otherwise: string): string {
  const near = nearest(name, known);
  return near === undefined ? otherwise : `write \`${near}\``;
}

/** @param holders the policies that have an element of that name inside */
export const unknownPolicy = (name: string, known: readonly string[], holders: readonly string[]): Fault => ({
  code: 'PTC1001',
  message: `\`${name}\` is not a policy`,
  help:
    holders.length > 0
      ? `it only stands inside ${holders.length > 4 ? 'other policies, such as ' : ''}${quoted(holders.slice(0, 4))}`
      : suggestion(name, known, 'see the policy reference for the names API Management knows'),
});

export const wrongSection = (name: string, section: string, allowed: readonly string[]): Fault => ({
  code: 'PTC1003',
  message: `\`${name}\` is not allowed in \`${section}\``,
  help: allowed.length === 0 ? 'it only stands inside another policy' : `move it to ${quoted(allowed)}`,
});

export const wrongScope = (name: string, scope: string, allowed: readonly string[]): Fault => ({
  code: 'PTC1004',
  message: `\`${name}\` is not allowed in a document of ${scope} scope`,
  help: `move it to a document of ${allowed.join(', ')} scope`,
});

export const repeatedPolicy = (name: string, section: string): Fault => ({
  code: 'PTC1005',
  message: `\`${name}\` may stand only once in \`${section}\``,
  help: 'remove the second one',
});

/** Azure: "The 'x' attribute is not declared." */
export const unknownAttribute = (element: string, name: string, known: readonly string[]): Fault => ({
  code: 'PTC1006',
  message: `The '${name}' attribute is not declared.`,
  help: suggestion(name, known, known.length === 0 ? `\`${element}\` has no attributes` : `\`${element}\` has ${quoted(known)}`),
});

/** .NET's schema validator, whose text Azure passes on. */
export const missingAttribute = (name: string): Fault => ({
  code: 'PTC1007',
  message: `The required attribute '${name}' is missing.`,
  help: `add \`${name}="…"\``,
});

export const missingOneOf = (element: string, names: readonly string[]): Fault => ({
  code: 'PTC1008',
  message: `\`${element}\` needs one of ${quoted(names)}`,
  help: 'add exactly one of them',
});

export const tooManyOf = (element: string, names: readonly string[]): Fault => ({
  code: 'PTC1009',
  message: `\`${element}\` may have only one of ${quoted(names)}`,
  help: 'keep one of them',
});

export const unknownChild = (element: string, name: string, known: readonly string[]): Fault => ({
  code: 'PTC1010',
  message: `The element '${element}' has invalid child element '${name}'.`,
  help: suggestion(name, known, known.length === 0 ? `\`${element}\` has no child elements` : `\`${element}\` holds ${quoted(known)}`),
});

export const missingChild = (element: string, name: string): Fault => ({
  code: 'PTC1011',
  message: `\`${element}\` needs a \`${name}\` inside`,
  help: `add \`<${name}>\``,
});

export const tooManyChildren = (element: string, name: string, max: number): Fault => ({
  code: 'PTC1012',
  message: `\`${element}\` may hold only ${max === 1 ? 'one' : max} \`${name}\``,
  help: 'remove what is too much',
});

export const unexpectedText = (element: string): Fault => ({
  code: 'PTC1013',
  message: `\`${element}\` holds no text`,
  help: 'remove the text, or put it into the child element it belongs to',
});

export const missingText = (element: string): Fault => ({
  code: 'PTC1014',
  message: `\`${element}\` is empty`,
  help: 'write its value between the tags',
});

export const expressionNotAllowed = (what: string): Fault => ({
  code: 'PTC1015',
  message: `policy expressions are not allowed in \`${what}\``,
  help: 'write a literal value, or a named value such as `{{name}}`',
});

export const notInteger = (what: string, text: string): Fault => ({
  code: 'PTC1016',
  message: `\`${text}\` is not a whole number, which \`${what}\` needs`,
  help: 'write digits only, or an expression that gives a number',
});

export const notNumber = (what: string, text: string): Fault => ({
  code: 'PTC1017',
  message: `\`${text}\` is not a number, which \`${what}\` needs`,
  help: 'write a number such as `1.5`',
});

export const notBoolean = (what: string, text: string): Fault => ({
  code: 'PTC1018',
  message: `\`${text}\` is neither \`true\` nor \`false\`, which \`${what}\` needs`,
  help: 'write `true` or `false`',
});

export const notOneOf = (what: string, text: string, values: readonly string[]): Fault => ({
  code: 'PTC1019',
  message: `\`${text}\` is not a value of \`${what}\``,
  help: suggestion(text, values, `write one of ${quoted(values)}`),
});

export const outOfRange = (what: string, text: string, min: number | undefined, max: number | undefined): Fault => ({
  code: 'PTC1020',
  message: `\`${text}\` is out of range for \`${what}\``,
  help: rangeHelp(min, max),
});

function rangeHelp(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `write at most ${max}`;
  return max === undefined ? `write at least ${min}` : `write ${min} to ${max}`;
}

export const unknownNamedValue = (name: string, known: readonly string[]): Fault => ({
  code: 'PTC1021',
  message: `the named value \`${name}\` does not exist`,
  help: suggestion(name, known, 'define it under `named values/` or in `portico.yaml`'),
});

export const namedValueWithoutValue = (name: string): Fault => ({
  code: 'PTC1042',
  message: `the named value \`${name}\` has no value here`,
  help: `give it under \`named-values\` in portico.yaml, such as \`${name}: \${env:NAME}\``,
});

export const unknownFragment = (id: string, known: readonly string[]): Fault => ({
  code: 'PTC1022',
  message: `the policy fragment \`${id}\` does not exist`,
  help: suggestion(id, known, 'add it under `policy fragments/`'),
});

export const nestedFragment = (): Fault => ({
  code: 'PTC1023',
  message: 'a policy fragment may not include another fragment',
  help: 'include both fragments in the document instead',
});

export const baseInFragment = (): Fault => ({
  code: 'PTC1024',
  message: 'a policy fragment may not hold `base`',
  help: 'put `<base />` into the document that includes the fragment',
});

export const sectionInFragment = (name: string): Fault => ({
  code: 'PTC1025',
  message: `a policy fragment may not hold the section \`${name}\``,
  help: 'write the policies directly under `<fragment>`',
});

export const unknownSection = (name: string, known: readonly string[]): Fault => ({
  code: 'PTC1026',
  message: `\`${name}\` is not a section of a policy document`,
  help: suggestion(name, known, `write ${quoted(known)}`),
});

export const repeatedSection = (name: string): Fault => ({
  code: 'PTC1027',
  message: `the section \`${name}\` stands twice`,
  help: 'merge both into one',
});

export const wrongRoot = (name: string): Fault => ({
  code: 'PTC1028',
  message: `\`${name}\` is not the root of a policy document`,
  help: 'write `<policies>`, or `<fragment>` for a policy fragment',
});

export const refusedInside = (name: string, container: string): Fault => ({
  code: 'PTC1029',
  message: `\`${name}\` is not allowed inside \`${container}\``,
  help: `move it out of \`${container}\``,
});

export const emptyExpression = (): Fault => ({
  code: 'PTC1030',
  message: 'the expression is empty',
  help: 'write C# between the brackets',
});

export const childOrder = (name: string, before: string): Fault => ({
  code: 'PTC1031',
  severity: 'warning',
  message: `\`${name}\` stands behind \`${before}\`, though API Management asks for it before`,
  help: `move \`${name}\` up`,
});

export const unsupportedAttribute = (element: string, name: string): Fault => ({
  code: 'PTC1032',
  message: `attribute \`${name}\` of \`${element}\` is not supported yet`,
  help: 'remove it for local runs',
});

/** Sizes in KiB. */
export const tooLarge = (kind: string, size: number, limit: number): Fault => ({
  code: 'PTC1039',
  message: `the ${kind} takes ${size} KiB, and API Management saves ${limit} KiB at most`,
  help: 'move parts of it into policy fragments or narrower scopes',
});

export const unknownBackend = (id: string): Fault => ({
  code: 'PTC2001',
  message: `the backend \`${id}\` does not exist`,
  help: `add it under \`backends/\`, or in portico.yaml: \`backends: { ${id}: { url: … } }\``,
});

export const unknownCertificate = (id: string): Fault => ({
  code: 'PTC2002',
  message: `the certificate \`${id}\` does not exist`,
  help: 'add it in `portico.yaml`',
});

export const notAbsoluteUrl = (what: string, text: string): Fault => ({
  code: 'PTC2003',
  message: `\`${text}\` in \`${what}\` is not an absolute URL`,
  help: 'write it with scheme and host, such as `https://example.org/path`',
});

/** Before a pipeline fills it in, such a document is no wrong one: it is the address that is not known yet. */
export const unfilledUrl = (what: string, text: string): Fault => ({
  code: 'PTC2061',
  severity: 'warning',
  message: `\`${text}\` in \`${what}\` is no absolute URL until its placeholder is filled in`,
  help: 'fill it in before the document is saved, or write a named value such as `{{name}}`',
});

/** `problem`: what is wrong, with user text in backticks. */
export const liquidSyntax = (problem: string): Fault => ({
  code: 'PTC2004',
  message: `the Liquid template is not well-formed: ${problem}`,
  help: 'write tags as in `{% if body.a %}…{% endif %}` and filters in Pascal case as in `{{ body.a | Upcase }}`',
});

export const expressionInTemplate = (): Fault => ({
  code: 'PTC2046',
  severity: 'warning',
  message: 'a policy expression is plain text in a Liquid template',
  help: 'put its value into a variable with `set-variable` and write `{{ context.Variables.name }}`',
});

/** `problem`: what is wrong, with user text in backticks. */
export const stylesheet = (problem: string): Fault => ({
  code: 'PTC2050',
  message: `the stylesheet is not valid: ${problem}`,
  help: 'write XSLT 1.0; the service compiles the stylesheet when the policy is saved',
});

export const notAddress = (text: string): Fault => ({
  code: 'PTC2005',
  message: `\`${text}\` is not an IP address`,
  help: 'write an IPv4 or IPv6 address; ranges go into `address-range`',
});

export const emptyRange = (from: string, to: string): Fault => ({
  code: 'PTC2012',
  severity: 'warning',
  message: `no address lies between \`${from}\` and \`${to}\``,
  help: 'write the lower address of one family in `from`, the higher in `to`',
});

export const keyForm = (): Fault => ({
  code: 'PTC2006',
  message: 'the key needs a Base64 text, a `certificate-id`, or both `n` and `e`',
  help: 'give exactly one of the three',
});

export const missingValues = (element: string): Fault => ({
  code: 'PTC2007',
  message: `\`${element}\` has no \`value\` to set`,
  help: 'add `<value>…</value>`, or write `exists-action="delete"`',
  severity: 'warning',
});

export const originForm = (text: string): Fault => ({
  code: 'PTC2008',
  message: `\`${text}\` is not an origin`,
  help: 'write scheme and host such as `https://example.org`, `https://*.example.org` for everything below it, or `*` alone',
  severity: 'warning',
});

export const originBesideAny = (): Fault => ({
  code: 'PTC2009',
  message: '`*` stands beside other origins, though it allows every one',
  help: 'keep `*` alone, or list the origins without it',
  severity: 'warning',
});

export const notHeaderName = (what: string, text: string): Fault => ({
  code: 'PTC2010',
  message: `\`${text}\` in \`${what}\` is not a header name`,
  help: 'write letters, digits and dashes, such as `X-Calls-Left`',
});

export const emptyName = (what: string): Fault => ({
  code: 'PTC2011',
  message: `\`${what}\` is empty`,
  help: 'write the name of a context variable, or remove the attribute',
});

export const unsupportedChild = (element: string, name: string): Fault => ({
  code: 'PTC1033',
  message: `\`${name}\` inside \`${element}\` is not supported yet`,
  help: 'remove it for local runs',
});

export const passwordWithoutBody = (): Fault => ({
  code: 'PTC2030',
  message: '`password` stands without `body`',
  help: 'remove it: it opens the certificate in `body`',
});

export const dimensionWithoutValue = (name: string, defaults: readonly string[]): Fault => ({
  code: 'PTC2040',
  message: `the dimension \`${name}\` has no \`value\``,
  help: `add one; only ${quoted(defaults)} know theirs`,
});

export const manyDimensions = (count: number, most: number): Fault => ({
  code: 'PTC2041',
  severity: 'warning',
  message: `${count} custom dimensions are more than the ${most} that the reference promises`,
  help: 'remove some, or try it in API Management',
});

export const noDimension = (element: string): Fault => ({
  code: 'PTC2042',
  severity: 'warning',
  message: `\`${element}\` has no \`dimension\`, though its reference page asks for one`,
  help: 'add one, such as `<dimension name="API ID" />`',
});

export const endlessTokenQuota = (): Fault => ({
  code: 'PTC2044',
  severity: 'warning',
  message: '`token-quota` stands without `token-quota-period`, so that it is never replenished',
  help: 'write `token-quota-period="Monthly"` or another period, or `Indefinite` where that is meant',
});

export const periodWithoutQuota = (): Fault => ({
  code: 'PTC2045',
  severity: 'warning',
  message: '`token-quota-period` has no effect without `token-quota`',
  help: 'add `token-quota`, or remove it',
});

export const emptyIdentity = (): Fault => ({
  code: 'PTC2031',
  message: '`identity` names nothing, so that every certificate matches',
  help: 'give it a `thumbprint`, a `subject` or another attribute',
});

export const quotaWithoutLimit = (element: string): Fault => ({
  code: 'PTC2032',
  message: `\`${element}\` limits neither calls nor bandwidth`,
  help: 'add `calls`, `bandwidth` or both',
});

export const shortQuotaPeriod = (text: string): Fault => ({
  code: 'PTC2033',
  message: `\`${text}\` is too short for \`renewal-period\` of \`quota-by-key\``,
  help: 'write at least 300, or 0 for a window without end',
});

export const notDate = (what: string, text: string): Fault => ({
  code: 'PTC2034',
  message: `\`${text}\` in \`${what}\` is not a UTC date`,
  help: 'write it like `2026-01-31T00:00:00Z`',
});

export const daprBackend = (): Fault => ({
  code: 'PTC2043',
  message: '`dapr-app-id`, `dapr-method` and `dapr-namespace` need `backend-id="dapr"`',
  help: 'write `backend-id="dapr"`, or remove them',
});

export const unknownSchema = (id: string, kind: 'JSON' | 'XML'): Fault => ({
  code: 'PTC2036',
  message: `the ${kind} schema \`${id}\` does not exist`,
  help: 'add it under `schemas/`',
});

export const missingChoice = (element: string, names: readonly string[]): Fault => ({
  code: 'PTC1034',
  message: `\`${element}\` needs one of the elements ${quoted(names)}`,
  help: 'add exactly one of them',
});

export const manyChoices = (element: string, names: readonly string[]): Fault => ({
  code: 'PTC1035',
  message: `\`${element}\` may hold only one of the elements ${quoted(names)}`,
  help: 'keep one of them',
});

export const notVersion = (what: string, text: string): Fault => ({
  code: 'PTC2060',
  message: `\`${text}\` in \`${what}\` is not a version`,
  help: 'write it like `4.0` or `4.01`',
});

export const inertAttribute = (element: string, name: string): Fault => ({
  code: 'PTC1036',
  severity: 'warning',
  message: `attribute \`${name}\` of \`${element}\` is known to the schema alone and has no effect here`,
  help: 'remove it, or compare the results with API Management',
});

export const inertChild = (element: string, name: string): Fault => ({
  code: 'PTC1041',
  severity: 'warning',
  message: `\`${name}\` inside \`${element}\` is known to the schema alone and has no effect here`,
  help: 'remove it, or compare the results with API Management',
});

/** `message`: Azure's own. */
export const refusedByTarget = (message: string): Fault => ({
  code: 'PTC1037',
  message,
  help: 'leave it out on that gateway, or choose another one',
});

/** `message`: what is different, with user text in backticks. */
export const otherOnTarget = (message: string): Fault => ({
  code: 'PTC1038',
  severity: 'warning',
  message,
  help: 'nothing is wrong with the document; compare the results where this matters',
});
