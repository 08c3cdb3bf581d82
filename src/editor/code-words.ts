/** Words of C# that completion offers where an expression begins. */
export { IMPORTED_NAMESPACES } from '../csharp/types/keywords.ts';

export const KEYWORDS_OF_TYPES: readonly string[] =
  'bool byte char decimal double float int long object string var new return if else foreach for while switch case default break continue try catch finally throw using true false null is as typeof nameof'.split(
    ' ',
  );
