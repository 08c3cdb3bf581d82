/**
 * Query expressions, translated to calls as the C# specification says (Query expression translation). Several range
 * variables travel together in an anonymous object, the transparent identifier.
 */
import type { Span } from '../../source/span.ts';
import type {
  AnonymousMember,
  Argument,
  Expression,
  FromClause,
  GroupClause,
  JoinClause,
  Lambda,
  LetClause,
  Name,
  OrderByClause,
  QueryBody,
  QueryClause,
  QueryExpression,
  SelectClause,
  TypeSyntax,
} from '../syntax/ast.ts';
import { isError } from '../types/kinds.ts';
import type { BoundExpression } from './bound.ts';
import type { Binder, RangeVariable } from './context.ts';
import { bindValue } from './expressions.ts';
import * as fault from './faults.ts';
import { valueTerm } from './terms.ts';

/** The query so far: its source, and the range variables that each item carries. */
interface Query {
  readonly source: Expression;
  /** The lambda parameter's name, and where in it the variables are (an empty path: the parameter itself). */
  readonly parameter: Name;
  readonly variables: readonly RangeVariable[];
}

export function bindQuery(b: Binder, syntax: QueryExpression): BoundExpression {
  const source = bindValue(b, syntax.from.source);
  if (isError(source.type)) return b.wrong(syntax.span);
  if (b.semantics.elementTypeOf(source.type) === undefined) {
    return b.refuse(syntax.from.source.span, fault.queryPattern(b.show(source.type), firstMethod(syntax)));
  }
  const stand: Expression = { kind: 'missing', span: syntax.from.source.span };
  b.prebound.set(stand, valueTerm(source));
  const start = startQuery(castSource(stand, syntax.from.type), syntax.from.name);
  return bindValue(b, translateBody(b, start, syntax.body, syntax.from));
}

function firstMethod({ body }: QueryExpression): string {
  const [clause] = body.clauses;
  const names = { from: 'SelectMany', let: 'Select', where: 'Where', join: 'Join', orderby: 'OrderBy' } as const;
  return clause === undefined ? (body.end.kind === 'select' ? 'Select' : 'GroupBy') : names[clause.kind];
}

function startQuery(source: Expression, name: Name): Query {
  return { source, parameter: name, variables: [{ name: name.text, path: [] }] };
}

function translateBody(b: Binder, start: Query, body: QueryBody, from: FromClause | undefined): Expression {
  let query = start;
  for (const [index, clause] of body.clauses.entries()) {
    const isLast = index === body.clauses.length - 1;
    const merged = isLast ? mergedSelect(b, query, clause, body) : undefined;
    if (merged !== undefined) return continued(b, merged, body);
    query = translateClause(b, query, clause);
  }
  const isUntouched = body.clauses.length === 0 && from !== undefined;
  return continued(b, translateEnd(b, query, body.end, isUntouched), body);
}

function continued(b: Binder, source: Expression, { continuation }: QueryBody): Expression {
  return continuation === undefined ? source : translateBody(b, startQuery(source, continuation.name), continuation.body, undefined);
}

/** A last `from` or `join` takes the select into its own result. */
function mergedSelect(b: Binder, query: Query, clause: QueryClause, body: QueryBody): Expression | undefined {
  if (body.end.kind !== 'select') return undefined;
  if (clause.kind === 'from') return selectMany(b, query, clause, body.end.value);
  return clause.kind === 'join' ? joinCall(b, query, clause, body.end.value) : undefined;
}

function translateClause(b: Binder, query: Query, clause: QueryClause): Query {
  switch (clause.kind) {
    case 'where':
      return { ...query, source: call(query.source, 'Where', [lambda(b, query, clause.condition)], clause.span) };
    case 'orderby':
      return { ...query, source: ordered(b, query, clause) };
    case 'let':
      return letClause(b, query, clause);
    case 'from':
      return widened(b, query, clause.name, (result) => selectMany(b, query, clause, result));
    case 'join':
      return widened(b, query, clause.into ?? clause.name, (result) => joinCall(b, query, clause, result));
  }
}

function translateEnd(b: Binder, query: Query, end: SelectClause | GroupClause, isUntouched: boolean): Expression {
  if (end.kind === 'group') return groupCall(b, query, end);
  const isIdentity = end.value.kind === 'name' && query.variables.length === 1 && end.value.name.text === query.variables[0]?.name;
  if (isIdentity && !isUntouched) return query.source;
  return call(query.source, 'Select', [lambda(b, query, end.value)], end.span);
}

function groupCall(b: Binder, query: Query, end: GroupClause): Expression {
  const key = lambda(b, query, end.key);
  const isIdentity = end.value.kind === 'name' && query.variables.length === 1 && end.value.name.text === query.variables[0]?.name;
  return call(query.source, 'GroupBy', isIdentity ? [key] : [key, lambda(b, query, end.value)], end.span);
}

function ordered(b: Binder, query: Query, clause: OrderByClause): Expression {
  return clause.orderings.reduce<Expression>((source, { key, descending, span }, index) => {
    const method = `${index === 0 ? 'OrderBy' : 'ThenBy'}${descending ? 'Descending' : ''}`;
    return call(source, method, [lambda(b, query, key)], span);
  }, query.source);
}

function letClause(b: Binder, query: Query, clause: LetClause): Query {
  const { name, value, span } = clause;
  const pair = transparent(query, { name, value, span, isRangeVariable: true }, span);
  return widen(b, query, name, call(query.source, 'Select', [lambda(b, query, pair)], span));
}

/** Joins the present variables and a new one in the result of a two-parameter lambda. */
function widened(b: Binder, query: Query, name: Name, make: (result: Expression) => Expression): Query {
  const result = transparent(query, { name, value: nameOf(name), span: name.span }, name.span);
  return widen(b, query, name, make(result));
}

/** `new { t, x = value }`. */
function transparent({ parameter }: Query, member: AnonymousMember, span: Span): Expression {
  return {
    kind: 'anonymousObject',
    span,
    members: [{ name: parameter, value: nameOf(parameter), span }, member],
  };
}

function widen(b: Binder, query: Query, name: Name, source: Expression): Query {
  const parameter: Name = { text: b.freshName(), span: name.span };
  const carried = query.variables.map((variable) => ({ ...variable, path: [query.parameter.text, ...variable.path] }));
  return { source, parameter, variables: [...carried, { name: name.text, path: [name.text] }] };
}

function selectMany(b: Binder, query: Query, clause: FromClause, result: Expression): Expression {
  const source = lambda(b, query, castSource(clause.source, clause.type));
  return call(query.source, 'SelectMany', [source, pairLambda(b, query, clause.name, result)], clause.span);
}

function joinCall(b: Binder, query: Query, clause: JoinClause, result: Expression): Expression {
  const other = startQuery(clause.source, clause.name);
  const args = [
    castSource(clause.source, clause.type),
    lambda(b, query, clause.left),
    lambda(b, other, clause.right),
    pairLambda(b, query, clause.into ?? clause.name, result),
  ];
  return call(query.source, clause.into === undefined ? 'Join' : 'GroupJoin', args, clause.span);
}

// ---------------------------------------------------------------- syntax made up

/** `from T x in s` is `s.Cast<T>()`. */
function castSource(source: Expression, type: TypeSyntax | undefined): Expression {
  if (type === undefined) return source;
  const { span } = source;
  const target: Expression = { kind: 'memberAccess', target: source, name: { text: 'Cast', span }, typeArguments: [type], span };
  return { kind: 'invocation', target, args: [], span };
}

function nameOf(name: Name): Expression {
  return { kind: 'name', name, span: name.span };
}

function call(source: Expression, method: string, args: readonly Expression[], span: Span): Expression {
  const target: Expression = { kind: 'memberAccess', target: source, name: { text: method, span }, span };
  return { kind: 'invocation', target, args: args.map(argumentOf), span: { start: source.span.start, end: span.end } };
}

function argumentOf(expression: Expression): Argument {
  return { kind: 'argument', expression, span: expression.span } as Argument;
}

function lambda(b: Binder, query: Query, body: Expression): Expression {
  return lambdaOver(b, query, [query.parameter], body);
}

function pairLambda(b: Binder, query: Query, second: Name, body: Expression): Expression {
  return lambdaOver(b, query, [query.parameter, second], body);
}

function lambdaOver(b: Binder, query: Query, names: readonly Name[], body: Expression): Expression {
  const { span } = body;
  const made: Lambda = {
    kind: 'lambda',
    parameters: names.map((name) => ({ name, span: name.span })),
    body,
    isAsync: false,
    arrow: { start: span.start, end: span.start + 2 },
    span,
  };
  const carried = query.variables.filter((variable) => variable.path.length > 0);
  b.ranges.set(made, carried);
  return made;
}
