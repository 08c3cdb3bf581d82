/** A small engine over the whole library, with a context that has a request and a response. */
import { bindProgram } from '../../../src/csharp/check/binder.ts';
import { parseExpression } from '../../../src/csharp/syntax/parser.ts';
import { createSemantics } from '../../../src/csharp/types/create-semantics.ts';
import { declareType } from '../../../src/csharp/types/declare.ts';
import { createTypeTable } from '../../../src/csharp/types/type-table.ts';
import { libraryDeclarations } from '../../../src/dotnet/index.ts';

const nothing = () => null;

const context = [
  declareType('interface ITestContext', 'all', {
    'ITestRequest Request { get; }': nothing,
    'ITestResponse Response { get; }': nothing,
    'IReadOnlyDictionary<string, object> Variables { get; }': nothing,
    'void Trace(string message)': nothing,
  }),
  declareType('interface ITestRequest', ['Body', 'Method', 'Url'], {
    'ITestBody Body { get; }': nothing,
    'string Method { get; }': nothing,
    'string Url { get; }': nothing,
    'string Secret { get; }': nothing,
  }),
  declareType('interface ITestResponse', 'all', { 'ITestBody Body { get; }': nothing, 'int StatusCode { get; }': nothing }),
  declareType('interface ITestBody', 'all', { 'T As<T>(bool preserveContent = false)': nothing }),
  declareType('class Hidden', 'none', { 'Hidden()': nothing, 'static int Count()': nothing }),
];

const types = createTypeTable([...libraryDeclarations(), ...context]);
const semantics = createSemantics(types);

export const display = types.display.bind(types);

/** Binds `code`: a block when it holds a semicolon. */
export function bind(code: string, anyMember = true, returns = 'object') {
  const kind = /;[\s\S]*[;}]\s*$|;\s*$/.test(code) ? 'multi' : 'single';
  const tree = parseExpression(code, kind);
  if (tree.errors.length > 0) throw new Error(`syntax: ${tree.errors[0]?.message}`);
  return bindProgram(tree, { types, semantics, contextType: 'ITestContext', anyMember }, types.type(returns));
}

/** The static types of what is returned. */
export function typesOf(code: string): string {
  const { returned, faults } = bind(code);
  const wrong = faults.filter((fault) => fault.severity === 'error');
  if (wrong.length > 0) return wrong.map((fault) => `${fault.code} ${fault.message}`).join('\n');
  return returned.map((type) => (type === null ? 'null' : display(type))).join('|');
}

/** Errors as `CS0103@5`, in order; the place counts from 0. */
export function placesOf(code: string, anyMember = true): string {
  return bind(code, anyMember)
    .faults.filter((fault) => fault.severity === 'error')
    .map((fault) => `${fault.code}@${fault.span.start}`)
    .join(' ');
}
