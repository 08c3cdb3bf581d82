/** What .NET says about a pattern that it cannot read. */
import { NetException } from '../../csharp/runtime/exception.ts';

/** RegexParseException, an ArgumentException. */
export function parseException(pattern: string, offset: number, problem: string): NetException {
  const message = `Invalid pattern '${pattern}' at offset ${offset}. ${problem}`;
  return new NetException('System.Text.RegularExpressions.RegexParseException', message, null, { ParamName: null, Offset: offset });
}

export const notEnoughParentheses = "Not enough )'s.";
export const tooManyParentheses = "Too many )'s.";
export const unterminatedSet = 'Unterminated [] set.';
export const unterminatedComment = 'Unterminated (?#...) comment.';
export const endingBackslash = 'Illegal \\ at end of pattern.';
export const badGrouping = 'Unrecognized grouping construct.';
export const badGroupName = 'Invalid group name: Group names must begin with a word character.';
export const zeroGroup = 'Capture number cannot be zero.';
export const groupOutOfRange = 'Capture group numbers must be less than or equal to Int32.MaxValue.';
export const malformedNamedReference = 'Malformed \\k<...> named back reference.';
export const incompleteProperty = 'Incomplete \\p{X} character escape.';
export const malformedProperty = 'Malformed \\p{X} character escape.';
export const badHex = 'Insufficient or invalid hexadecimal digits.';
export const missingControl = 'Missing control character.';
export const badControl = 'Unrecognized control character.';
export const reversedRange = '[x-y] range in reverse order.';
export const reversedQuantifier = 'Illegal {x,y} with x > y.';
export const subtractionNotLast = 'A subtraction must be the last element in a character class.';
export const tooManyAlternatives = 'Too many | in (?()|).';
export const conditionIsComment = 'Alternation conditions cannot be comments.';
export const conditionIsNamed = 'Alternation conditions do not capture and cannot be named.';

export const nestedQuantifier = (quantifier: string) => `Nested quantifier '${quantifier}'.`;
export const quantifierAfterNothing = (quantifier: string) => `Quantifier '${quantifier}' following nothing.`;
export const classInRange = (letter: string) => `Cannot include class \\${letter} in character range.`;
export const undefinedName = (name: string) => `Reference to undefined group name '${name}'.`;
export const undefinedNumber = (number: number) => `Reference to undefined group number ${number}.`;
export const undefinedCondition = (number: number) => `Conditional alternation refers to an undefined group number ${number}.`;
export const malformedCondition = (number: number) =>
  `Conditional alternation is missing a closing parenthesis after the group number ${number}.`;
export const unknownEscape = (letter: string) => `Unrecognized escape sequence \\${letter}.`;
export const unknownProperty = (name: string) => `Unknown property '${name}'.`;
