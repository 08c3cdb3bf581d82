/** The schema of a GraphQL API, looked at when it is read: a file that no request could be checked against is told at once. */
import { createRequire } from 'node:module';
import type { DocumentNode, GraphQLError } from 'graphql';
import { span } from '../source/span.ts';
import * as faults from './faults.ts';
import type { Files } from './files.ts';
import type { Resource } from './resources.ts';

type Library = typeof import('graphql');
type Validation = typeof import('graphql/validation/validate.js');

/** Bytes of a schema that the service takes (gateway-model, section 10.4). */
const LARGEST = 4 * 1024 * 1024;

/** Problems of the file `specification.graphql`; a schema resource has no lines of its own and is told as a whole. */
export function checkSchema(api: Resource, text: string, files: Files): void {
  const { specification } = api;
  const source = specification?.kind === 'graphql' ? specification.source : undefined;
  const entry = api
    .all('schemas')
    .flatMap(({ facts }) => facts ?? [])[0]
    ?.get('document')
    .get('value');
  const tell = (fault: faults.Fault, at: number): void => {
    if (source) files.report({ severity: 'error', ...fault, file: source, span: span(at, at) });
    else entry?.report(fault);
  };
  if (Buffer.byteLength(text) > LARGEST) return tell(faults.schemaTooLarge(LARGEST), 0);
  const require = createRequire(import.meta.url);
  const document = parsed(text, (require('graphql') as Library).parse);
  if ('message' in document) return tell(faults.badGraphqlSchema(document.message), document.positions?.[0] ?? 0);
  const { validateSDL } = require('graphql/validation/validate.js') as Validation;
  for (const { message, positions } of validateSDL(document).map(told)) tell(faults.oddGraphqlSchema(message), positions?.[0] ?? 0);
  checkResolvers(api, document);
}

interface SchemaProblem {
  readonly message: string;
  readonly positions: readonly number[] | undefined;
}

function parsed(text: string, parse: Library['parse']): DocumentNode | SchemaProblem {
  try {
    return parse(text);
  } catch (error) {
    return told(error as GraphQLError);
  }
}

function told({ message, positions }: GraphQLError): SchemaProblem {
  return { message: message.replace(/\.$/, ''), positions };
}

/** A resolver for a field that the schema does not have would never run. */
function checkResolvers(api: Resource, { definitions }: DocumentNode): void {
  const known = new Set(
    definitions.flatMap((type) =>
      'fields' in type && type.fields ? type.fields.map((field) => `${type.name.value}/${field.name.value}`) : [],
    ),
  );
  for (const { name, facts } of api.all('resolvers')) {
    const path = facts?.get('path').text() ?? name.replace('-', '/');
    if (path.includes('/') && !known.has(path)) (facts?.get('path') ?? api.facts)?.report(faults.danglingReference('field', path));
  }
}
