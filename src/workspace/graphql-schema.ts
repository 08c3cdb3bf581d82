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
  for (const { message, positions, isSyntax } of problemsOf(text))
    tell(isSyntax ? faults.badGraphqlSchema(message) : faults.oddGraphqlSchema(message), positions?.[0] ?? 0);
}

interface SchemaProblem {
  readonly message: string;
  readonly positions: readonly number[] | undefined;
  readonly isSyntax: boolean;
}

function problemsOf(text: string): SchemaProblem[] {
  const require = createRequire(import.meta.url);
  const { parse } = require('graphql') as Library;
  let document: DocumentNode;
  try {
    document = parse(text);
  } catch (error) {
    const { message, positions } = error as GraphQLError;
    return [{ message: message.replace(/\.$/, ''), positions, isSyntax: true }];
  }
  const { validateSDL } = require('graphql/validation/validate.js') as Validation;
  return validateSDL(document).map(({ message, positions }) => ({ message: message.replace(/\.$/, ''), positions, isSyntax: false }));
}
