/**
 * Reads the C# signatures and headers that declarations are written in. Purely syntactic: names stay names here
 * (`resolve.ts` gives them their types). Anything unreadable is a fault of the declaration's author and throws.
 */

/** A type as written: `System.Collections.Generic.List<int>[]`, `T?`, `(int a, string b)`. */
export interface TypeName {
  readonly segments: readonly NameSegment[];
  /** Elements of a tuple type; `segments` is empty then. */
  readonly tuple?: readonly { readonly type: TypeName; readonly name?: string }[];
  /** From the inside out: `?`, or the rank of an array. */
  readonly suffixes: readonly ('?' | number)[];
}
export interface NameSegment {
  readonly name: string;
  readonly typeArguments: readonly TypeName[];
}

export interface ParameterSyntax {
  readonly name: string;
  readonly type: TypeName;
  readonly modifier?: 'ref' | 'out' | 'in';
  readonly isParams: boolean;
  readonly isThis: boolean;
  /** The text of the default value: a literal, `default`, or the name of an enum member. */
  readonly defaultText?: string;
}
export interface TypeParameterSyntax {
  readonly name: string;
  readonly variance: 'in' | 'out' | undefined;
  readonly constraint?: string;
}

export interface MemberSyntax {
  readonly kind: 'constructor' | 'method' | 'property' | 'indexer' | 'operator' | 'field' | 'const';
  /** `.ctor` for constructors, `this[]` for indexers, the .NET name (`op_Addition`) for operators. */
  readonly name: string;
  readonly isStatic: boolean;
  /** Return type, or the type of a property, indexer or field; missing for constructors. */
  readonly type?: TypeName;
  readonly typeParameters: readonly TypeParameterSyntax[];
  readonly parameters: readonly ParameterSyntax[];
}

export interface HeaderSyntax {
  readonly kind: 'class' | 'static class' | 'struct' | 'interface' | 'enum' | 'delegate';
  readonly isAbstract: boolean;
  readonly isSealed: boolean;
  readonly isFlags: boolean;
  readonly fullName: string;
  readonly typeParameters: readonly TypeParameterSyntax[];
  readonly bases: readonly TypeName[];
  /** For delegates. */
  readonly returnType?: TypeName;
  readonly parameters: readonly ParameterSyntax[];
}

export const CONSTRUCTOR = '.ctor';
export const INDEXER = 'this[]';

const BINARY_OPERATORS: Readonly<Record<string, string>> = {
  '+': 'op_Addition',
  '-': 'op_Subtraction',
  '*': 'op_Multiply',
  '/': 'op_Division',
  '%': 'op_Modulus',
  '&': 'op_BitwiseAnd',
  '|': 'op_BitwiseOr',
  '^': 'op_ExclusiveOr',
  '<<': 'op_LeftShift',
  '>>': 'op_RightShift',
  '==': 'op_Equality',
  '!=': 'op_Inequality',
  '<': 'op_LessThan',
  '>': 'op_GreaterThan',
  '<=': 'op_LessThanOrEqual',
  '>=': 'op_GreaterThanOrEqual',
};
const UNARY_OPERATORS: Readonly<Record<string, string>> = {
  '+': 'op_UnaryPlus',
  '-': 'op_UnaryNegation',
  '!': 'op_LogicalNot',
  '~': 'op_OnesComplement',
  '++': 'op_Increment',
  '--': 'op_Decrement',
  true: 'op_True',
  false: 'op_False',
};

/** The .NET name of an operator written with so many operands, or undefined. */
export function operatorName(symbol: string, operands: number): string | undefined {
  return (operands === 1 ? UNARY_OPERATORS : BINARY_OPERATORS)[symbol];
}

const TOKEN =
  /\s*(?:([A-Za-z_][A-Za-z0-9_]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+')|(-?[0-9][0-9A-Za-z_.]*)|(<<|>=|<=|==|!=|\+\+|--|[-+*/%&|^!~<>()[\]{},.?:;=]))/y;

class Reader {
  readonly #text: string;
  readonly #what: string;
  readonly #tokens: string[] = [];
  #at = 0;

  constructor(text: string, what: string) {
    this.#text = text;
    this.#what = what;
    TOKEN.lastIndex = 0;
    let end = 0;
    for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
      this.#tokens.push(match[1] ?? match[2] ?? match[3] ?? match[4] ?? '');
      end = TOKEN.lastIndex;
    }
    if (text.slice(end).trim() !== '') this.fail(`unreadable at '${text.slice(end)}'`);
  }

  fail(problem: string): never {
    throw new Error(`${this.#what}: cannot read '${this.#text}': ${problem}`);
  }
  peek(ahead = 0): string {
    return this.#tokens[this.#at + ahead] ?? '';
  }
  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }
  next(): string {
    const token = this.peek();
    this.#at += 1;
    return token;
  }
  take(token: string): boolean {
    if (this.peek() !== token) return false;
    this.#at += 1;
    return true;
  }
  expect(token: string): void {
    if (!this.take(token)) this.fail(`'${token}' expected before '${this.peek()}'`);
  }
  word(): string {
    const token = this.next();
    return /^[A-Za-z_]/.test(token) ? token : this.fail(`a name expected before '${token}'`);
  }
  rest(): string[] {
    const rest = this.#tokens.slice(this.#at);
    this.#at = this.#tokens.length;
    return rest;
  }
}

function readType(reader: Reader): TypeName {
  const core = reader.peek() === '(' ? readTuple(reader) : { segments: readSegments(reader) };
  return { ...core, suffixes: readSuffixes(reader) };
}

function readTuple(reader: Reader): { segments: []; tuple: { type: TypeName; name?: string }[] } {
  const tuple: { type: TypeName; name?: string }[] = [];
  reader.expect('(');
  do {
    const type = readType(reader);
    const named = reader.peek() !== ',' && reader.peek() !== ')';
    tuple.push(named ? { type, name: reader.word() } : { type });
  } while (reader.take(','));
  reader.expect(')');
  return { segments: [], tuple };
}

function readSegments(reader: Reader): NameSegment[] {
  const segments: NameSegment[] = [];
  do {
    segments.push({ name: reader.word(), typeArguments: readTypeArguments(reader) });
  } while (reader.take('.'));
  return segments;
}

function readTypeArguments(reader: Reader): TypeName[] {
  const found: TypeName[] = [];
  if (!reader.take('<')) return found;
  do found.push(readType(reader));
  while (reader.take(','));
  reader.expect('>');
  return found;
}

/** `int[][,]` is an array of two-dimensional arrays: the first brackets written are the outermost. */
function readSuffixes(reader: Reader): ('?' | number)[] {
  const suffixes: ('?' | number)[] = [];
  let arrays: number[] = [];
  for (;;) {
    if (reader.peek() === '?') {
      reader.next();
      suffixes.push(...arrays.reverse(), '?');
      arrays = [];
    } else if (reader.peek() === '[' && (reader.peek(1) === ']' || reader.peek(1) === ',')) arrays.push(readRank(reader));
    else break;
  }
  suffixes.push(...arrays.reverse());
  return suffixes;
}

function readRank(reader: Reader): number {
  let rank = 1;
  reader.expect('[');
  while (reader.take(',')) rank += 1;
  reader.expect(']');
  return rank;
}

function readTypeParameters(reader: Reader): TypeParameterSyntax[] {
  const found: TypeParameterSyntax[] = [];
  if (!reader.take('<')) return found;
  do {
    const first = reader.word();
    const variance = first === 'in' || first === 'out' ? first : undefined;
    found.push({ name: variance === undefined ? first : reader.word(), variance });
  } while (reader.take(','));
  reader.expect('>');
  return found;
}

function readParameters(reader: Reader, open: string, close: string): ParameterSyntax[] {
  const parameters: ParameterSyntax[] = [];
  reader.expect(open);
  if (reader.take(close)) return parameters;
  do parameters.push(readParameter(reader));
  while (reader.take(','));
  reader.expect(close);
  return parameters;
}

function readParameter(reader: Reader): ParameterSyntax {
  const words = new Set<string>();
  while (['this', 'params', 'ref', 'out', 'in'].includes(reader.peek())) words.add(reader.next());
  const modifier = (['ref', 'out', 'in'] as const).find((word) => words.has(word));
  const type = readType(reader);
  const name = reader.word();
  return {
    name,
    type,
    isParams: words.has('params'),
    isThis: words.has('this'),
    ...(modifier === undefined ? {} : { modifier }),
    ...(reader.take('=') ? { defaultText: readDefault(reader) } : {}),
  };
}

function readDefault(reader: Reader): string {
  let text = '';
  while (!reader.done && ![',', ')', ']'].includes(reader.peek())) {
    text += reader.next();
    if (text === 'default' && reader.peek() === '(') {
      while (reader.next() !== ')' && !reader.done);
      return text;
    }
  }
  return text;
}

/** `where T : class, new() where U : struct`. */
function withConstraints(reader: Reader, parameters: readonly TypeParameterSyntax[]): TypeParameterSyntax[] {
  const constraints = new Map<string, string>();
  while (reader.take('where')) {
    const name = reader.word();
    reader.expect(':');
    let text = '';
    while (!reader.done && reader.peek() !== 'where') text += reader.next();
    constraints.set(name, text);
  }
  return parameters.map((parameter) => {
    const constraint = constraints.get(parameter.name);
    return constraint === undefined ? parameter : { ...parameter, constraint };
  });
}

/** Reads one member; `typeName` is the simple name of its type, which constructors repeat. */
export function readMember(text: string, typeName: string): MemberSyntax {
  const reader = new Reader(text, typeName);
  const isConst = reader.take('const');
  const isStatic = reader.take('static') || isConst;
  const isField = reader.take('readonly') || isConst;
  if (reader.peek() === 'implicit' || reader.peek() === 'explicit') return readConversion(reader);
  if (reader.peek() === typeName && reader.peek(1) === '(') return readConstructor(reader);
  const type = readType(reader);
  const shared = { isStatic, type, typeParameters: [], parameters: [] };
  if (reader.take('operator')) return readOperator(reader, type);
  if (reader.take('this')) return { ...shared, kind: 'indexer', name: INDEXER, parameters: readParameters(reader, '[', ']') };
  const name = reader.word();
  if (isField) return { ...shared, kind: isConst ? 'const' : 'field', name };
  if (reader.peek() === '{') return { ...shared, kind: 'property', name };
  if (reader.done) return { ...shared, kind: 'field', name };
  return readMethod(reader, isStatic, type, name);
}

function readMethod(reader: Reader, isStatic: boolean, type: TypeName, name: string): MemberSyntax {
  const typeParameters = readTypeParameters(reader);
  const parameters = readParameters(reader, '(', ')');
  return { kind: 'method', name, isStatic, type, parameters, typeParameters: withConstraints(reader, typeParameters) };
}

function readConversion(reader: Reader): MemberSyntax {
  const name = reader.next() === 'implicit' ? 'op_Implicit' : 'op_Explicit';
  reader.expect('operator');
  const type = readType(reader);
  return { kind: 'operator', name, isStatic: true, type, typeParameters: [], parameters: readParameters(reader, '(', ')') };
}

function readConstructor(reader: Reader): MemberSyntax {
  reader.next();
  return { kind: 'constructor', name: CONSTRUCTOR, isStatic: false, typeParameters: [], parameters: readParameters(reader, '(', ')') };
}

function readOperator(reader: Reader, type: TypeName): MemberSyntax {
  let symbol = '';
  while (!reader.done && reader.peek() !== '(') symbol += reader.next();
  const parameters = readParameters(reader, '(', ')');
  const name = operatorName(symbol, parameters.length) ?? reader.fail(`no operator '${symbol}'`);
  return { kind: 'operator', name, isStatic: true, type, typeParameters: [], parameters };
}

const LITERAL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+'/g;

/** The name a member is found under, read without parsing the whole signature (`.ctor`, `this[]`, `operator` for operators). */
export function memberName(signature: string, typeName: string): string {
  const text = signature.replace(LITERAL, '0');
  if (text.startsWith(`${typeName}(`)) return CONSTRUCTOR;
  if (/\boperator\b/.test(text)) return 'operator';
  if (/\bthis\s*\[/.test(text)) return INDEXER;
  const brace = text.indexOf('{');
  if (brace >= 0 && !text.slice(0, brace).includes('=')) return lastWord(text.slice(0, brace));
  const where = text.search(/\)\s*where\b/);
  const close = where >= 0 ? where : text.lastIndexOf(')');
  if (close < 0 || !/^\)\s*(where\b|$)/.test(text.slice(close))) return lastWord(text);
  return lastWord(withoutTypeParameters(text.slice(0, openingOf(text, close))));
}

function openingOf(text: string, close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i -= 1) {
    if (text[i] === ')') depth += 1;
    if (text[i] === '(') depth -= 1;
    if (depth === 0) return i;
  }
  return 0;
}

function withoutTypeParameters(text: string): string {
  const trimmed = text.trimEnd();
  return trimmed.endsWith('>') ? trimmed.slice(0, trimmed.lastIndexOf('<')) : trimmed;
}

function lastWord(text: string): string {
  return /([A-Za-z_][A-Za-z0-9_]*)\s*$/.exec(text)?.[1] ?? '';
}

/** Reads the header of a type declaration. */
export function readHeader(text: string): HeaderSyntax {
  const reader = new Reader(text, 'type declaration');
  const words = new Set<string>();
  while (HEADER_WORDS.has(reader.peek())) words.add(reader.next());
  const kind = HEADER_KINDS.find((word) => words.has(word)) ?? reader.fail('class, struct, interface, enum or delegate expected');
  const returnType = kind === 'delegate' ? readType(reader) : undefined;
  const name = readHeaderName(reader);
  const parameters = kind === 'delegate' ? readParameters(reader, '(', ')') : [];
  const bases: TypeName[] = [];
  if (reader.take(':'))
    do bases.push(readType(reader));
    while (reader.take(','));
  const typeParameters = withConstraints(reader, name.typeParameters);
  if (!reader.done) reader.fail(`unexpected '${reader.peek()}'`);
  return {
    kind: kind === 'class' && words.has('static') ? 'static class' : kind,
    isAbstract: words.has('abstract'),
    isSealed: words.has('sealed'),
    isFlags: words.has('flags'),
    fullName: name.fullName,
    typeParameters,
    bases,
    parameters,
    ...(returnType === undefined ? {} : { returnType }),
  };
}

const HEADER_KINDS = ['class', 'struct', 'interface', 'enum', 'delegate'] as const;
const HEADER_WORDS: ReadonlySet<string> = new Set([...HEADER_KINDS, 'static', 'abstract', 'sealed', 'flags', 'readonly', 'public']);

/** A nested type of a generic one may be written `Dictionary<TKey, TValue>.KeyCollection`: it shares the type parameters. */
function readHeaderName(reader: Reader): { fullName: string; typeParameters: TypeParameterSyntax[] } {
  const names: string[] = [];
  const typeParameters: TypeParameterSyntax[] = [];
  do {
    names.push(reader.word());
    typeParameters.push(...readTypeParameters(reader));
  } while (reader.take('.'));
  return { fullName: names.join('.'), typeParameters };
}
