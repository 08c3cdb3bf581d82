import { declareEnum, declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { captureCollectionType, captureType, groupCollectionType, groupType, matchCollectionType, matchType } from './match.ts';
import { REGEX_OPTIONS } from './options.ts';
import { regexType } from './regex.ts';

/** Regular expressions in .NET's dialect. */
export const regexTypes: readonly TypeDeclaration[] = [
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
