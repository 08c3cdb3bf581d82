/** Wording of everything that can be wrong with templates and other layouts of a policy directory; one function per message. */
import type { Fault } from '../faults.ts';

export const rawInXml = (what: string): Fault => ({
  code: 'PTC5101',
  message: `format \`xml\` does not take \`${what}\` as it stands inside an expression`,
  help: `write \`${ENTITIES[what] ?? '&amp;'}\`, or set the format to \`rawxml\``,
});

const ENTITIES: Readonly<Record<string, string>> = { '"': '&quot;', "'": '&apos;', '<': '&lt;', '&': '&amp;' };

export const unknownFormat = (format: string): Fault => ({
  code: 'PTC5102',
  message: `\`${format}\` is no format of a policy document`,
  help: 'write `rawxml`, `xml`, `rawxml-link` or `xml-link`',
});

export const linkedText = (url: string): Fault => ({
  code: 'PTC5103',
  message: `\`${url}\` is a link, and nothing is downloaded`,
  help: 'put the file into a folder `policies` beside the template under the name that ends the link, or write its text as `value`',
});

/** `url`: an address, or the name of its format. */
export const linkedSpecification = (url: string): Fault & { readonly severity: 'warning' } => ({
  code: 'PTC5194',
  severity: 'warning',
  message: `the API definition \`${url}\` is a link, and nothing is downloaded: every method and path is an operation`,
  help: 'put the definition beside it, and give its text in place of the link',
});

export const remoteModule = (name: string): Fault => ({
  code: 'PTC5195',
  severity: 'info',
  message: `module \`${name}\` comes from elsewhere and was not read`,
});

export const missingModule = (name: string, source: string): Fault => ({
  code: 'PTC5196',
  severity: 'warning',
  message: `module \`${name}\` was not read: there is no folder \`${source}\``,
  help: 'put the module there, or check the path',
});

export const tooManyModules = (name: string): Fault => ({
  code: 'PTC5197',
  severity: 'warning',
  message: `module \`${name}\` was not read: modules are nested too deeply, or there are too many`,
});

export const linkedTemplate = (): Fault => ({
  code: 'PTC5189',
  severity: 'info',
  message: 'the template behind this link is not read: nothing is downloaded',
  help: 'put it beside this template',
});

export const missingTemplate = (name: string): Fault => ({
  code: 'PTC5190',
  severity: 'warning',
  message: `the linked template \`${name}\` is not here, and what it holds is missing`,
  help: 'put it beside this template',
});

export const noTemplate = (): Fault => ({
  code: 'PTC5191',
  severity: 'warning',
  message: 'the deployment has neither `template` nor a link to one',
  help: 'write the template under `properties.template`, or its address as `templateLink.uri`',
});

export const unlinkedDocument = (): Fault & { readonly severity: 'warning' } => ({
  code: 'PTC5192',
  severity: 'warning',
  message: 'no template links to this document, which is not read',
  help: 'add the template that links to it, or remove the document',
});

export const otherParameter = (name: string, file: string): Fault => ({
  code: 'PTC5193',
  severity: 'warning',
  message: `parameter \`${name}\` has another value in \`${file}\`, which counts`,
  help: `decide under \`parameters\` in portico.yaml: \`${name}: value\``,
});

export const noValue = (kind: string, name: string): Fault => ({
  code: 'PTC5104',
  message: `${kind} \`${name}\` has no value`,
  help: `give it a default, or write it under \`parameters\` in portico.yaml: \`${name}: value\``,
});

export const unknownName = (kind: string, name: string): Fault => ({ code: 'PTC5105', message: `there is no ${kind} \`${name}\`` });

export const unknownFunction = (name: string): Fault => ({
  code: 'PTC5106',
  message: `the function \`${name}\` cannot be worked out here`,
  help: 'write the value itself, or compile the template with its values filled in',
});

export const badTemplateExpression = (reason: string): Fault => ({
  code: 'PTC5107',
  message: `the template expression cannot be read: ${reason}`,
});

export const unresolved = (what: string): Fault => ({
  code: 'PTC5108',
  message: `\`${what}\` has a value only after deployment`,
  help: 'write the value itself, or under `parameters` in portico.yaml',
});

export const missingFile = (path: string): Fault => ({ code: 'PTC5109', message: `there is no file \`${path}\`` });

export const bicepSource = (name: string): Fault => ({
  code: 'PTC5110',
  message: `\`${name}\` is Bicep, which is read only after compilation`,
  help: `run \`bicep build ${name}\`, and give the JSON file it writes`,
});

export const unknownLayout = (): Fault => ({
  code: 'PTC5111',
  message: 'the file is neither a policy document, an ARM template nor a Terraform file',
  help: 'a template has `resources`, a policy document ends in `.xml`, a Terraform file in `.tf`; `portico import` makes a directory of an API definition',
});

export const badHcl = (reason: string): Fault => ({ code: 'PTC5112', message: reason, help: 'correct the Terraform file at this place' });

export const notDeployed = (type: string, name: string): Fault => ({
  code: 'PTC5113',
  severity: 'info',
  message: `\`${name}\` of type \`${type}\` has no part in running policies`,
});

export const conditionFalse = (name: string): Fault => ({
  code: 'PTC5114',
  severity: 'info',
  message: `\`${name}\` is left out: its condition is false`,
});

export const unusedFile = (name: string): Fault => ({
  code: 'PTC5115',
  severity: 'info',
  message: `\`${name}\` is no part of the layout and was not read`,
});

export const otherForm = (name: string, isJson: boolean): Fault & { readonly severity: 'warning' } => ({
  code: 'PTC5136',
  severity: 'warning',
  message: `the file is not read: the layout has \`${name}\` in its place`,
  help: isJson ? `name it \`${name}\`` : `write it as JSON into \`${name}\``,
});

export const badResourceName = (type: string, name: string): Fault => ({
  code: 'PTC5116',
  message: `the name \`${name}\` does not fit the type \`${type}\``,
  help: 'a name has one segment less than its type, without the provider, has',
});

export const tooManyCopies = (most: number): Fault => ({ code: 'PTC5117', message: `more than ${most} copies are not made` });

export const noOwner = (what: string): Fault => ({
  code: 'PTC5118',
  severity: 'warning',
  message: `it is not clear which API \`${what}\` is for`,
  help: 'name the file `<service>-<api>.policy.xml`, and put `<service>-<api>-openapi.json` beside it',
});

export const missingPolicyText = (): Fault => ({
  code: 'PTC5119',
  message: 'the policy resource holds no document',
  help: 'write the document as `value`, and its `format`',
});

export const emptySource = (): Fault => ({
  code: 'PTC5129',
  message: 'there is nothing here that could be imported',
  help: 'name an exported folder, an ARM template, Terraform files, or an OpenAPI, WSDL, WADL or GraphQL file',
});
