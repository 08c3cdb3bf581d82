/** All wording of the syntax stage: the compiler's own codes and texts (Roslyn at language version 7.3), one function per message. */
import type { Span } from '../../source/span.ts';
import type { SyntaxFault } from './ast.ts';

/** A message that still lacks its place. */
export interface Wording {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/** Puts a message at a place. */
export function faultAt(wording: Wording, span: Span): SyntaxFault {
  return { ...wording, severity: 'error', span };
}

const CODES_OF_MISSING: Readonly<Record<string, readonly [string, string]>> = {
  ';': ['CS1002', '; expected'],
  ')': ['CS1026', ') expected'],
  '{': ['CS1514', '{ expected'],
  '}': ['CS1513', '} expected'],
  identifier: ['CS1001', 'Identifier expected'],
};

/** A token that the grammar needs and the text lacks. */
export function expected(kind: string): Wording {
  const known = CODES_OF_MISSING[kind];
  return known === undefined ? syntaxError(kind) : { code: known[0], message: known[1] };
}

export function syntaxError(text: string): Wording {
  return { code: 'CS1003', message: `Syntax error, '${text}' expected` };
}
export function refLoopVariable(): Wording {
  return {
    code: 'PTC3006',
    message: 'the variable of a `foreach` loop cannot be a reference in a policy expression',
    help: 'leave out `ref`, or write a `for` loop over the index',
  };
}
export function identifierIsKeyword(keyword: string): Wording {
  return {
    code: 'CS1041',
    message: `Identifier expected; '${keyword}' is a keyword`,
    help: `choose another name, or write \`@${keyword}\``,
  };
}
export function invalidTerm(text: string): Wording {
  return text === ''
    ? { code: 'CS1733', message: 'Expected expression' }
    : { code: 'CS1525', message: `Invalid expression term '${text}'` };
}
export function typeExpected(): Wording {
  return { code: 'CS1031', message: 'Type expected' };
}
export function inExpected(): Wording {
  return { code: 'CS1515', message: "'in' expected" };
}
export function badForeach(): Wording {
  return {
    code: 'CS0230',
    message: 'Type and identifier are both required in a foreach statement',
    help: 'write `foreach (var item in …)`',
  };
}
export function illegalStatement(): Wording {
  return {
    code: 'CS0201',
    message: 'Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement',
  };
}
export function badEmbeddedStatement(): Wording {
  return {
    code: 'CS1023',
    message: 'Embedded statement cannot be a declaration or labeled statement',
    help: 'put the statement in braces',
  };
}
export function elseCannotStart(): Wording {
  return { code: 'CS8641', message: "'else' cannot start a statement." };
}
export function catchOrFinallyExpected(): Wording {
  return { code: 'CS1524', message: 'Expected catch or finally' };
}
export function newNeedsArguments(): Wording {
  return { code: 'CS1526', message: 'A new expression requires an argument list or (), [], or {} after type' };
}
export function tupleTooShort(): Wording {
  return { code: 'CS8124', message: 'Tuple must contain at least two elements.' };
}
export function valueExpected(): Wording {
  return { code: 'CS0443', message: 'Syntax error; value expected' };
}
export function selectOrGroupExpected(): Wording {
  return { code: 'CS0742', message: 'A query body must end with a select clause or a group clause' };
}
const CONTEXTUAL_CODES = { on: 'CS0743', equals: 'CS0744', by: 'CS0745' } as const;
export function contextualExpected(keyword: 'on' | 'equals' | 'by'): Wording {
  return { code: CONTEXTUAL_CODES[keyword], message: `Expected contextual keyword '${keyword}'` };
}
export function yieldReturnOrBreak(): Wording {
  return { code: 'CS1627', message: 'Expression expected after yield return' };
}
export function constNeedsValue(): Wording {
  return { code: 'CS0145', message: 'A const field requires a value to be provided' };
}
export function badModifier(modifier: string): Wording {
  return { code: 'CS0106', message: `The modifier '${modifier}' is not valid for this item` };
}
export function badArrayDeclarator(): Wording {
  return {
    code: 'CS0650',
    message:
      "Bad array declarator: To declare a managed array the rank specifier precedes the variable's identifier. To declare a fixed size buffer field, use the fixed keyword before the field type.",
    help: 'write `int[] name`',
  };
}
export function arraySizeInDeclaration(): Wording {
  return {
    code: 'CS0270',
    message: "Array size cannot be specified in a variable declaration (try initializing with a 'new' expression)",
  };
}
export function unsafeCode(): Wording {
  return { code: 'CS0227', message: 'Unsafe code may only appear if compiling with /unsafe' };
}
export function pointersNeedUnsafe(): Wording {
  return { code: 'CS0214', message: 'Pointers and fixed size buffers may only be used in an unsafe context' };
}
export function invalidMemberToken(text: string): Wording {
  return { code: 'CS1519', message: `Invalid token '${text}' in class, record, struct, or interface member declaration` };
}
export function endOfFileExpected(): Wording {
  return { code: 'CS1022', message: 'Type or namespace definition, or end-of-file expected' };
}
export function unexpectedToken(text: string): Wording {
  return { code: 'CS1073', message: `Unexpected token '${text}'` };
}
export function tooComplex(): Wording {
  return { code: 'CS8078', message: 'An expression is too long or complex to compile', help: 'split the expression with local variables' };
}
/** What a later C# added. */
export function featureUnavailable(feature: string, version: '8.0' | '9.0' | '10.0'): Wording {
  return {
    code: 'CS8370',
    message: `Feature '${feature}' is not available in C# 7.3. Please use language version ${version} or greater.`,
  };
}
export function alternativeVerbatim(): Wording {
  return {
    code: 'CS8401',
    message: "To use '@$' instead of '$@' for an interpolated verbatim string, please use language version '8.0' or greater.",
    help: 'write `$@"…"`',
  };
}
export function conditionalInInterpolation(): Wording {
  return {
    code: 'CS8361',
    message:
      "A conditional expression cannot be used directly in a string interpolation because the ':' ends the interpolation. Parenthesize the conditional expression.",
    help: 'write `{(a ? b : c)}`',
  };
}
export function emptyFormat(): Wording {
  return { code: 'CS8089', message: 'Empty format specifier.' };
}
export function trailingWhiteSpaceInFormat(): Wording {
  return { code: 'CS8088', message: 'A format specifier may not contain trailing whitespace.' };
}
export function unescapedCurly(brace: string): Wording {
  return { code: 'CS8086', message: `A '${brace}' character must be escaped (by doubling) in an interpolated string.` };
}
export function unclosedHole(): Wording {
  return { code: 'CS8076', message: "Missing close delimiter '}' for interpolated expression started with '{'." };
}
export function newlineInHole(): Wording {
  return { code: 'CS8967', message: 'Newlines are not allowed inside a non-verbatim interpolated string' };
}
export function newlineInConstant(): Wording {
  return { code: 'CS1010', message: 'Newline in constant', help: 'close the string with `"` on the same line, or write `@"…"`' };
}
export function unterminatedString(): Wording {
  return { code: 'CS1039', message: 'Unterminated string literal' };
}
export function emptyCharacter(): Wording {
  return { code: 'CS1011', message: 'Empty character literal' };
}
export function tooManyCharacters(): Wording {
  return { code: 'CS1012', message: 'Too many characters in character literal', help: 'strings stand in double quotes: `"…"`' };
}
export function unrecognizedEscape(): Wording {
  return { code: 'CS1009', message: 'Unrecognized escape sequence', help: 'write `\\\\` for a backslash, or use `@"…"`' };
}
export function unexpectedCharacter(character: string): Wording {
  return { code: 'CS1056', message: `Unexpected character '${character}'` };
}
export function verbatimNeedsName(): Wording {
  return { code: 'CS1646', message: 'Keyword, identifier, or string expected after verbatim specifier: @' };
}
export function unclosedComment(): Wording {
  return { code: 'CS1035', message: "End-of-file found, '*/' expected" };
}
export function invalidNumber(): Wording {
  return { code: 'CS1013', message: 'Invalid number' };
}
export function integerTooLarge(): Wording {
  return { code: 'CS1021', message: 'Integral constant is too large' };
}
export function floatOutOfRange(type: string): Wording {
  return { code: 'CS0594', message: `Floating-point constant is outside the range of type '${type}'` };
}
export function directiveExpected(): Wording {
  return { code: 'CS1024', message: 'Preprocessor directive expected' };
}
export function directiveMustBeFirst(): Wording {
  return { code: 'CS1040', message: 'Preprocessor directives must appear as the first non-whitespace character on a line' };
}
export function unexpectedDirective(): Wording {
  return { code: 'CS1028', message: 'Unexpected preprocessor directive' };
}
export function endOfDirectiveExpected(): Wording {
  return { code: 'CS1027', message: '#endif directive expected' };
}
export function endRegionExpected(): Wording {
  return { code: 'CS1038', message: '#endregion directive expected' };
}
export function errorDirective(text: string): Wording {
  return { code: 'CS1029', message: `#error: '${text}'` };
}
export function lambdaParameterMix(): Wording {
  return {
    code: 'CS0748',
    message: 'Inconsistent lambda parameter usage; parameter types must be all explicit or all implicit',
  };
}
