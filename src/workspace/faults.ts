/** Wording of everything that can be wrong with the files of a policy directory; one function per message. */
import type { Diagnostic } from '../source/diagnostic.ts';

export type Fault = Pick<Diagnostic, 'code' | 'message' | 'help'> & { readonly severity?: Diagnostic['severity'] };

/** Why a file in another encoding is not read. */
export const NOT_UTF8 = 'it is not UTF-8 text';

const HELPS: Readonly<Record<string, string>> = {
  [NOT_UTF8]: 'save it as UTF-8',
  'permission is denied': 'let the user who runs this read it',
};

export const unreadable = (reason: string, what: 'file' | 'folder' = 'file'): Fault => {
  const help = HELPS[reason];
  return { code: 'PTC5001', message: `the ${what} cannot be read: ${reason}`, ...(help === undefined ? {} : { help }) };
};

export const badSyntax = (reason: string): Fault => ({ code: 'PTC5002', message: reason, help: 'correct the JSON or YAML at this place' });

export const jsonComment = (): Fault => ({ code: 'PTC5002', message: 'JSON has no comments', help: 'remove it' });

export const jsonComma = (): Fault => ({ code: 'PTC5002', message: 'JSON has no comma before an end', help: 'remove it' });

export const jsonQuotes = (text: string): Fault => ({
  code: 'PTC5002',
  message: `\`${text}\` is no JSON`,
  help: 'write texts in double quotes',
});

export const jsonUnexpected = (text: string): Fault => ({
  code: 'PTC5002',
  message: text === '' ? 'the JSON ends before it is complete' : `\`${text}\` cannot stand here in JSON`,
  help: 'correct the JSON at this place',
});

export const bareTemplate = (template: string): Fault => ({
  code: 'PTC5002',
  message: `\`${template}\` must stand in quotes between braces and brackets`,
  // Between double quotes a backslash is YAML's.
  help: template.includes('\\') ? `write \`'${template}'\`` : `write \`"${template}"\``,
});

export const wrongType = (name: string, expected: string, help?: string): Fault => ({
  code: 'PTC5003',
  message: `${name === '' ? 'the file' : `\`${name}\``} must be ${expected}`,
  ...(help === undefined ? {} : { help }),
});

export const missingEntry = (name: string): Fault => ({ code: 'PTC5004', message: `\`${name}\` is missing`, help: `add \`${name}\`` });

const oneOf = (known: readonly string[]): string => `write one of ${known.map((key) => `\`${key}\``).join(', ')}`;

export const unknownEntry = (name: string, nearest: string | undefined, known: readonly string[], choices = oneOf(known)): Fault => ({
  code: 'PTC5005',
  message: `\`${name}\` is not known here`,
  help: nearest === undefined ? choices : `did you mean \`${nearest}\`?`,
});

export const wrongChoice = (name: string, choices: readonly string[]): Fault => ({
  code: 'PTC5006',
  message: `\`${name}\` must be one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`,
});

export const missingVariable = (name: string): Fault => ({
  code: 'PTC5007',
  message: `the environment variable \`${name}\` is not set`,
  help: `set \`${name}\`, or write a default: \`\${env:${name}:-value}\``,
});

export const missingToken = (name: string): Fault => ({
  ...missingVariable(name),
  severity: 'warning',
  help: `set \`${name}\`, as the pipeline does before it publishes`,
});

export const unreadableVariable = (name: string, reason: string): Fault => ({
  code: 'PTC5001',
  message: `the file of \`${name}\` cannot be read: ${reason}`,
  help: `correct \`${name}_FILE\`, or set \`${name}\``,
});

export const badUrl = (name: string, text: string): Fault => ({
  code: 'PTC5008',
  message: `\`${name}\` is not an absolute URL: \`${text}\``,
  help: 'write it as `https://host/path`',
});

export const noPolicies = (directory: string, below?: string): Fault => ({
  code: 'PTC5009',
  message: `\`${directory}\` holds no policy document and no API`,
  help: `write a \`policy.xml\` there, or name another directory${below === undefined ? '' : `, such as \`${below}\``}`,
});

export const operationWithoutRoute = (name: string): Fault => ({
  code: 'PTC5010',
  severity: 'warning',
  message: `operation \`${name}\` has a policy but no route`,
  help: 'add it to `specification.yaml`, or write `operationInformation.json` with `method` and `urlTemplate`',
});

export const noOperations = (api: string): Fault => ({
  code: 'PTC5188',
  severity: 'info',
  message: `the specification of API \`${api}\` declares no operation: every call gets 404`,
  help: 'declare one (`/*` takes every path), or remove the specification to let every call through',
});

export const danglingReference = (kind: string, name: string): Fault => ({
  code: 'PTC5011',
  message: `there is no ${kind} \`${name}\``,
  help: `add it, or correct the name`,
});

/** `file`: an override file of the APIOps publisher that lies about for it. */
export const noEnvironment = (name: string, file?: string): Fault => ({
  ...danglingReference('environment', name),
  help:
    file === undefined
      ? 'add it under `environments` in portico.yaml, or correct the name'
      : `write \`environments: { ${name}: { configuration: ${file} } }\` into portico.yaml`,
});

export const samePath = (path: string, other: string): Fault => ({
  code: 'PTC5012',
  message: `the path \`/${path}\` is taken by API \`${other}\``,
  help: 'give each API a path or version of its own',
});

export const sameName = (kind: string, name: string): Fault => ({
  code: 'PTC5176',
  message: `there are two ${kind}s of the name \`${name}\``,
  help: 'rename or remove one of them',
});

export const sameKey = (other: string): Fault => ({
  code: 'PTC5177',
  message: `this is a key of subscription \`${other}\`, too`,
  help: 'give each subscription keys of its own',
});

export const versionInPath = (path: string, version: string): Fault => ({
  code: 'PTC5178',
  severity: 'warning',
  message: `\`${path}\` ends in the version \`${version}\`, which follows the path once more: \`/${path}/${version}\``,
  help: 'leave the version out of `path`',
});

export const versionWithoutSet = (version: string): Fault => ({
  code: 'PTC5179',
  severity: 'warning',
  message: `version \`${version}\` has no effect without a version set`,
  help: 'name one in `apiVersionSetId`',
});

export const twoCurrent = (api: string, one: string, other: string): Fault => ({
  code: 'PTC5180',
  message: `revisions ${one} and ${other} of API \`${api}\` are both current`,
  help: 'write `"isCurrent": false` for one of them',
});

export const noCurrent = (api: string, revision: string): Fault => ({
  code: 'PTC5200',
  severity: 'warning',
  message: `no revision of API \`${api}\` is current: it answers behind \`;rev=${revision}\` alone`,
  help: 'write `"isCurrent": true` for one of them',
});

export const inheritedEntry = (name: string): Fault => ({
  code: 'PTC5202',
  severity: 'warning',
  message: `a revision takes \`${name}\` from the current one: this has no effect`,
  help: 'change it there, or remove it here',
});

export const undeclaredParameter = (name: string): Fault => ({
  code: 'PTC5201',
  severity: 'warning',
  message: `parameter \`${name}\` of the URL template is not in \`templateParameters\``,
  help: `add \`{ "name": "${name}", "type": "string", "required": true }\``,
});

export const sameRoute = (route: string, other: string): Fault => ({
  code: 'PTC5181',
  message: `\`${route}\` is operation \`${other}\` already`,
  help: 'give each operation of an API a method and URL template of its own',
});

export const badUrlTemplate = (template: string, reason: string): Fault => ({
  code: 'PTC5182',
  message: `the URL template \`${template}\` ${reason}`,
  help: 'write it as `/orders/{id}`, `/files/*` or `/sum?a={a}`',
});

export const badMethod = (method: string): Fault => ({
  code: 'PTC5183',
  message: `\`${method}\` is no method of HTTP`,
  help: 'write `GET`, `POST` or another name without blanks',
});

export const foreignMethod = (method: string): Fault => ({
  code: 'PTC5186',
  severity: 'warning',
  message: `calls with the method \`${method}\` reach this gateway over HTTP/2 alone`,
  help: 'use a registered method; over HTTP/1.1 others are answered with 400 before they are matched',
});

export const missingVersionName = (name: string): Fault => ({
  code: 'PTC5184',
  severity: 'warning',
  message: `the version set has no \`${name}\`: \`api-version\` is taken`,
  help: `add \`${name}\``,
});

export const twoOpenProducts = (api: string, other: string): Fault => ({
  code: 'PTC5187',
  severity: 'warning',
  message: `API \`${api}\` is open to callers without a key through product \`${other}\` already`,
  help: 'keep it in one product with `"subscriptionRequired": false`',
});

export const restricted = (restriction: string, section: string): Fault => ({
  code: 'PTC5198',
  message: `policy restriction \`${restriction}\` asks for \`<base />\`, which \`${section}\` does not have`,
  help: 'add `<base />` to the section',
});

export const tooDeep = (most: number): Fault => ({
  code: 'PTC5185',
  message: `the file nests deeper than ${most} levels`,
  help: 'correct brackets that are never closed, or split the file',
});

export const secretMissing = (name: string): Fault => ({
  code: 'PTC5013',
  severity: 'warning',
  message: `named value \`${name}\` has no value here`,
  help: `give it under \`named-values\` in portico.yaml, such as \`${name}: \${env:NAME}\``,
});

export const badCertificate = (id: string, reason: string): Fault => ({
  code: 'PTC5014',
  message: `certificate \`${id}\` cannot be read: ${reason}`,
});

export const badTls = (message: string, help: string): Fault => ({ code: 'PTC5016', message, help });

export const badNamedValueName = (name: string): Fault => ({
  code: 'PTC5134',
  message: `\`${name}\` cannot name a named value`,
  help: 'use letters, digits, `.`, `-` and `_`, 256 at most: documents can refer to nothing else',
});

export const longNamedValue = (name: string, length: number): Fault => ({
  code: 'PTC5135',
  message: `named value \`${name}\` has ${length} characters`,
  help: 'the service takes 4096; put the rest into a policy fragment',
});

export const certificateMissing = (name: string): Fault => ({
  code: 'PTC5017',
  severity: 'warning',
  message: `certificate \`${name}\` has no file here`,
  help: `give it under \`certificates\` in portico.yaml, such as \`${name}: { pfx: ${name}.pfx, password: \${env:PASSWORD} }\``,
});

export const externalReference = (reference: string): Fault => ({
  code: 'PTC5130',
  severity: 'warning',
  message: `the reference \`${reference}\` leaves the file, which an import does not follow`,
  help: 'put what it refers to into this file, under `components` or `definitions`',
});

export const badSpecification = (reason: string): Fault => ({
  code: 'PTC5015',
  message: `the specification cannot be imported: ${reason}`,
});

export const mcpNeedsOne = (): Fault => ({
  code: 'PTC5120',
  message: 'an MCP API has either `backendId` or `mcpTools`, and not both',
  help: 'name the backend of an existing server, or list the tools',
});

export const toolOperation = (operation: string, api: string, nearest: string | undefined): Fault => ({
  code: 'PTC5140',
  message: `API \`${api}\` has no operation \`${operation}\``,
  help: nearest === undefined ? 'name an operation of that API by its id' : `did you mean \`${nearest}\`?`,
});

export const toolApi = (api: string, nearest: string | undefined): Fault => ({
  code: 'PTC5141',
  message: `API \`${api}\` of this tool is not in the directory`,
  help: nearest === undefined ? 'name an API by its id, as its folder does' : `did you mean \`${nearest}\`?`,
});

export const toolReference = (text: string): Fault => ({
  code: 'PTC5142',
  message: `\`${text}\` names no operation`,
  help: 'write `/apis/{api}/operations/{operation}`',
});

export const toolKind = (api: string, kind: string): Fault => ({
  code: 'PTC5143',
  message: `API \`${api}\` is of type \`${kind}\`, whose operations cannot be tools`,
  help: 'name an operation of an HTTP API',
});

export const toolName = (name: string): Fault => ({
  code: 'PTC5144',
  message: `\`${name}\` is no name of a tool`,
  help: 'use letters, digits, `_` and `-` only, 300 at most',
});

export const sameTool = (name: string): Fault => ({ code: 'PTC5145', message: `there are two tools named \`${name}\`` });

export const badGraphqlSchema = (reason: string): Fault => ({
  code: 'PTC5147',
  message: `the GraphQL schema cannot be read: ${reason}`,
});

export const oddGraphqlSchema = (reason: string): Fault => ({
  code: 'PTC5148',
  severity: 'warning',
  message: `the GraphQL schema does not hold together: ${reason}`,
  help: 'requests can be neither checked nor resolved until it does',
});

export const schemaTooLarge = (most: number): Fault => ({
  code: 'PTC5149',
  message: `the schema has more than ${most} bytes`,
  help: 'the service takes 4 MB',
});

export const toolDescription = (length: number): Fault => ({
  code: 'PTC5146',
  message: `the description of a tool has ${length} characters`,
  help: 'keep it to 1000',
});

export const mcpOperation = (): Fault => ({
  code: 'PTC5122',
  message: 'Operation entity cannot be defined for MCP API type',
  help: 'remove the operation',
});

export const poolOfPools = (name: string): Fault => ({
  code: 'PTC5123',
  message: `\`${name}\` is a pool, which cannot be a member of a pool`,
  help: 'list its members instead',
});

export const poolSize = (most: number): Fault => ({ code: 'PTC5124', message: `a pool takes from 1 to ${most} members` });

export const badDuration = (text: string): Fault => ({
  code: 'PTC5125',
  message: `\`${text}\` is no duration`,
  help: 'write it as ISO 8601 does: `PT30S`, `PT1M`, `PT1H`',
});

export const numberOutside = (name: string, least: number, most: number): Fault => ({
  code: 'PTC5131',
  message: `\`${name}\` must be a whole number from ${least} to ${most}`,
});

export const emptyRange = (name: string, min: number, max: number): Fault => ({
  code: 'PTC5132',
  message: `\`${name}\` holds nothing: ${min} is larger than ${max}`,
  help: `write \`min: ${max}\` and \`max: ${min}\``,
});

export const noDuration = (name: string): Fault => ({
  code: 'PTC5133',
  message: `\`${name}\` must be longer than zero`,
  help: 'write it as ISO 8601 does: `PT30S`, `PT1M`, `PT1H`',
});

export const oneBreakerRule = (): Fault => ({ code: 'PTC5126', message: 'a backend takes one circuit breaker rule' });

export const breakerNeedsCount = (): Fault => ({
  code: 'PTC5127',
  message: 'a failure condition needs `count` or `percentage`',
  help: 'write `count: 3`, for example',
});

export const backendWithoutUrl = (id: string): Fault => ({
  code: 'PTC5199',
  severity: 'warning',
  message: `backend \`${id}\` has no URL`,
  help: `give it one: \`url\` here, or \`backends: { ${id}: { url: … } }\` in portico.yaml`,
});

export const subscriptionWithoutKey = (id: string): Fault => ({
  code: 'PTC5128',
  severity: 'info',
  message: `subscription \`${id}\` has no key here`,
  help: `give it one under \`subscriptions\` in portico.yaml: \`{ id: ${id}, primary-key: \${env:KEY} }\``,
});

export const badRedisUrl = (name: string): Fault => ({
  code: 'PTC5160',
  message: `\`${name}\` is not the URL of a Redis server`,
  help: 'write it as `redis://host:6379`, or `rediss://user:password@host:6380` for TLS',
});

export const badRedisNode = (name: string): Fault => ({
  code: 'PTC5162',
  message: `\`${name}\` is not a host with a port`,
  help: 'write it as `host:6379`; user, password and TLS stand beside `nodes`',
});

export const severalDocuments = (): Fault => ({
  code: 'PTC5172',
  message: 'the file holds several YAML documents',
  help: 'write each into a file of its own, or take out the line `---`',
});

export const aliasCycle = (alias: string): Fault => ({
  code: 'PTC5173',
  message: `\`${alias}\` stands for something that holds it`,
  help: 'write the value out',
});

export const aliasTooLarge = (alias: string): Fault => ({
  code: 'PTC5174',
  message: `\`${alias}\` stands for more than 100,000 entries`,
  help: 'write out what is needed of them',
});

export const aliasUnknown = (alias: string): Fault => ({
  code: 'PTC5175',
  message: `\`${alias}\` stands for no anchor before it`,
  help: 'put the anchor (`&name`) at its first place, or write the value out',
});

export const noMemberName = (name: string): Fault => ({
  code: 'PTC5170',
  message: `\`${name}\` is no full name of a .NET member`,
  help: 'write namespace, type and member, such as `System.Uri.Host`, or `System.Uri..ctor` for its constructors',
});

export const unknownMember = (name: string, nearest?: string): Fault => ({
  code: 'PTC5171',
  message: `Portico has no .NET member \`${name}\``,
  help: nearest === undefined ? 'leave it out: what is not implemented cannot be accepted' : `write \`${nearest}\``,
});

export const urlBesideNodes = (): Fault => ({
  code: 'PTC5163',
  message: '`url` and `nodes` say both where Redis is',
  help: 'write one of them',
});

export const manyRedisNodes = (): Fault => ({
  code: 'PTC5164',
  message: 'several Redis servers are named, and not how they belong together',
  help: 'write `cluster: true`, or `sentinel: <name>` when they are sentinels',
});

export const clusterWithSentinels = (): Fault => ({
  code: 'PTC5165',
  message: 'a Redis Cluster has no sentinels',
  help: 'leave out `cluster`, or the name behind `sentinel`',
});

export const clusterDatabase = (): Fault => ({
  code: 'PTC5166',
  message: 'a Redis Cluster has database 0 only',
  help: 'leave out the number of the database; `prefix` keeps gateways apart',
});

export const redisMissing = (): Fault => ({
  code: 'PTC5161',
  message: '`redis` is chosen, but there is no `stores.redis`',
  help: 'add `redis: ${env:REDIS_URL}` under `stores`',
});
