/** Words of C# that completion offers where an expression begins. */
export const KEYWORDS: readonly string[] =
  'bool byte char decimal double float int long object string var new return if else foreach for while switch case default break continue try catch finally throw using true false null is as typeof nameof'.split(
    ' ',
  );
