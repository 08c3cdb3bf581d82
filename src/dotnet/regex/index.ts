import type { NetException } from '../../csharp/runtime/exception.ts';
import { declareEnum, declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { declareException } from '../core/exceptions.ts';
import { captureCollectionType, captureType, groupCollectionType, groupType, matchCollectionType, matchType } from './match.ts';
import { REGEX_OPTIONS } from './options.ts';
import { regexType } from './regex.ts';

const regexExceptions: readonly TypeDeclaration[] = [
  declareException('System.Text.RegularExpressions.RegexParseException', 'System.ArgumentException', 'The pattern could not be read.', {
    'int Offset { get; }': (exception: NetException) => exception.details.Offset ?? 0,
  }),
  declareException(
    'System.Text.RegularExpressions.RegexMatchTimeoutException',
    'System.TimeoutException',
    'The Regex engine has timed out while trying to match a pattern to an input string.',
    { 'string Input { get; }': () => '', 'string Pattern { get; }': () => '' },
  ),
];

/** Regular expressions in .NET's dialect. */
export const regexTypes: readonly TypeDeclaration[] = [
  ...regexExceptions,
  regexType,
  matchType,
  groupType,
  captureType,
  matchCollectionType,
  groupCollectionType,
  captureCollectionType,
  declareEnum('System.Text.RegularExpressions.RegexOptions', 'all', REGEX_OPTIONS, { flags: true }),
  declareType('delegate string System.Text.RegularExpressions.MatchEvaluator(Match match)', 'implied', {}),
];
