import type { NetException } from '../../csharp/runtime/exception.ts';
import { declareEnum, declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { declareException } from '../core/exceptions.ts';
import { captureCollectionType, captureType, groupCollectionType, groupType, matchCollectionType, matchType } from './match.ts';
import { REGEX_OPTIONS } from './options.ts';
import { regexType } from './regex.ts';
import { madeTimeout, NO_TIMEOUT, TIMED_OUT, TIMEOUT_EXCEPTION } from './timeout.ts';

const regexExceptions: readonly TypeDeclaration[] = [
  declareException('System.Text.RegularExpressions.RegexParseException', 'System.ArgumentException', 'The pattern could not be read.', {
    'int Offset { get; }': (exception: NetException) => exception.details.Offset ?? 0,
  }),
  declareException(TIMEOUT_EXCEPTION, 'System.TimeoutException', TIMED_OUT, {
    'RegexMatchTimeoutException(string regexInput, string regexPattern, TimeSpan matchTimeout)': madeTimeout,
    'string Input { get; }': (exception: NetException) => exception.details.Input ?? '',
    'string Pattern { get; }': (exception: NetException) => exception.details.Pattern ?? '',
    'TimeSpan MatchTimeout { get; }': (exception: NetException) => exception.details.MatchTimeout ?? NO_TIMEOUT,
  }),
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
