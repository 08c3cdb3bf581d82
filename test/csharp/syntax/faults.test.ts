import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../src/csharp/syntax/parser.ts';

/** Faults as `code start-end message`. */
function faultsOf(text: string, kind: 'single' | 'multi'): string[] {
  return parseExpression(text, kind).errors.map(({ code, message, span }) => `${code} ${span.start}-${span.end} ${message}`);
}

describe('wrong expressions', () => {
  it.each([
    ['', ["CS1525 0-0 Invalid expression term ';'"]],
    ['int', ["CS1525 0-3 Invalid expression term 'int'"]],
    ['1;', ['CS1026 1-2 ) expected']],
    ['1; 2', ['CS0201 3-4 Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement']],
    [
      '1 2',
      [
        'CS1002 2-3 ; expected',
        'CS0201 2-3 Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement',
      ],
    ],
    ['if (true) 1', ['CS1002 0-0 ; expected', "CS1525 0-2 Invalid expression term 'if'"]],
    ['return 1', ['CS1002 0-0 ; expected', "CS1525 0-6 Invalid expression term 'return'"]],
    ['var x = 1', ['CS1002 4-5 ; expected']],
    ['1 +', ["CS1525 3-3 Invalid expression term ';'"]],
    ['a ?? )', ["CS1525 5-6 Invalid expression term ')'", 'CS1002 5-6 ; expected', 'CS1513 5-6 } expected']],
    ['f(a b)', ["CS1003 4-5 Syntax error, ',' expected"]],
    ['f(1', ['CS1026 3-3 ) expected']],
    ['f(,)', ["CS1525 2-3 Invalid expression term ','", "CS1525 3-4 Invalid expression term ')'"]],
    ['f(1,)', ["CS1525 4-5 Invalid expression term ')'"]],
    ['a[]', ['CS0443 2-3 Syntax error; value expected']],
    ['a[1', ["CS1003 3-3 Syntax error, ']' expected"]],
    ['a ? b', ["CS1003 5-5 Syntax error, ':' expected", "CS1525 5-5 Invalid expression term ';'"]],
    ['a.', ['CS1001 2-2 Identifier expected']],
    [
      'a.class',
      [
        "CS1041 2-7 Identifier expected; 'class' is a keyword",
        'CS1002 2-7 ; expected',
        'CS1513 2-7 } expected',
        'CS1022 7-7 Type or namespace definition, or end-of-file expected',
      ],
    ],
    ['(a', ['CS1026 2-2 ) expected']],
    ['x =>', ["CS1525 4-4 Invalid expression term ';'"]],
    ['new Foo', ['CS1526 7-7 A new expression requires an argument list or (), [], or {} after type']],
    ['new { A = }', ["CS1525 10-11 Invalid expression term '}'"]],
    [
      'new()',
      ["CS8370 0-3 Feature 'target-typed object creation' is not available in C# 7.3. Please use language version 9.0 or greater."],
    ],
    ['new int[2', ["CS1003 9-9 Syntax error, ']' expected"]],
    ['from x y select x', ["CS1515 9-15 'in' expected", "CS1525 9-15 Invalid expression term 'select'"]],
    ['from x in y', ['CS0742 11-11 A query body must end with a select clause or a group clause']],
    [
      'from x in y join a in b on x select x',
      ["CS0744 29-35 Expected contextual keyword 'equals'", "CS1525 29-35 Invalid expression term 'select'"],
    ],
    ['from x in y group x', ["CS0745 19-19 Expected contextual keyword 'by'", "CS1525 19-19 Invalid expression term ';'"]],
    ['"abc', ['CS1010 0-1 Newline in constant']],
    ['@"abc', ['CS1039 0-1 Unterminated string literal']],
    ['"\\q"', ['CS1009 1-3 Unrecognized escape sequence']],
    ["''", ['CS1011 0-2 Empty character literal']],
    ["'abc'", ['CS1012 0-5 Too many characters in character literal']],
    [
      'a § b',
      [
        "CS1056 2-3 Unexpected character '§'",
        'CS1002 4-5 ; expected',
        'CS0201 4-5 Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement',
      ],
    ],
    ['a /* b', ["CS1035 2-4 End-of-file found, '*/' expected"]],
    ['18446744073709551616', ['CS1021 0-20 Integral constant is too large']],
    ['0x', ['CS1013 0-2 Invalid number']],
    ['1e999', ["CS0594 0-5 Floating-point constant is outside the range of type 'double'"]],
    ['99999999999999999999999999999m', ["CS0594 0-30 Floating-point constant is outside the range of type 'decimal'"]],
    ['$"unclosed {1"', ["CS1073 12-13 Unexpected token '\"'", 'CS1010 13-14 Newline in constant']],
    ['$"{1"', ["CS1073 3-4 Unexpected token '\"'", 'CS1010 4-5 Newline in constant']],
    ['$"{}"', ['CS1733 3-3 Expected expression']],
    ['$"{a b}"', ["CS1073 3-4 Unexpected token 'b'"]],
    ['$"{1:}"', ['CS8089 4-5 Empty format specifier.']],
    ['$"}"', ["CS8086 2-3 A '}' character must be escaped (by doubling) in an interpolated string."]],
    [
      '$"{true ? 1 : 2}"',
      [
        "CS8361 3-12 A conditional expression cannot be used directly in a string interpolation because the ':' ends the interpolation. Parenthesize the conditional expression.",
      ],
    ],
    [
      '@$"a"',
      ["CS8401 0-2 To use '@$' instead of '$@' for an interpolated verbatim string, please use language version '8.0' or greater."],
    ],
    ['a[1..]', ["CS8370 2-5 Feature 'range operator' is not available in C# 7.3. Please use language version 8.0 or greater."]],
    ['a[^1]', ["CS8370 2-4 Feature 'index operator' is not available in C# 7.3. Please use language version 8.0 or greater."]],
    ['a ??= b', ["CS8370 2-5 Feature 'coalescing assignment' is not available in C# 7.3. Please use language version 8.0 or greater."]],
    ['a!.B', ["CS8370 0-2 Feature 'nullable reference types' is not available in C# 7.3. Please use language version 8.0 or greater."]],
    [
      'x switch { 1 => 2 }',
      ["CS8370 0-19 Feature 'recursive patterns' is not available in C# 7.3. Please use language version 8.0 or greater."],
    ],
    [
      'x is { Length: 3 }',
      ["CS8370 5-18 Feature 'recursive patterns' is not available in C# 7.3. Please use language version 8.0 or greater."],
    ],
    ['x is not null', ["CS8370 5-13 Feature 'not pattern' is not available in C# 7.3. Please use language version 9.0 or greater."]],
    ['x is > 3', ["CS8370 5-8 Feature 'relational pattern' is not available in C# 7.3. Please use language version 9.0 or greater."]],
    ['x is A or B', ["CS8370 5-11 Feature 'or pattern' is not available in C# 7.3. Please use language version 9.0 or greater."]],
    [
      'static x => x',
      ["CS8370 0-6 Feature 'static anonymous function' is not available in C# 7.3. Please use language version 9.0 or greater."],
    ],
    ['(x, int y) => 1', ['CS0748 1-2 Inconsistent lambda parameter usage; parameter types must be all explicit or all implicit']],
    ['(1, )', ["CS1525 4-5 Invalid expression term ')'"]],
    ['a->b', ['CS0227 1-3 Unsafe code may only appear if compiling with /unsafe']],
    ['stackalloc int[1]', ['CS0214 0-17 Pointers and fixed size buffers may only be used in an unsafe context']],
    ['#if', ["CS1525 0-0 Invalid expression term ';'", 'CS1027 3-3 #endif directive expected']],
    [
      'a # b',
      [
        'CS1040 2-3 Preprocessor directives must appear as the first non-whitespace character on a line',
        'CS1002 4-5 ; expected',
        'CS0201 4-5 Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement',
      ],
    ],
    ['@ a', ['CS1646 0-1 Keyword, identifier, or string expected after verbatim specifier: @']],
  ])('%s', (text, faults) => {
    expect(faultsOf(text, 'single')).toEqual(faults);
  });
});

describe('wrong statements', () => {
  it.each([
    ['return 1', ['CS1002 8-8 ; expected']],
    ['return 1; }', ['CS1022 11-11 Type or namespace definition, or end-of-file expected']],
    ['if (a { }', ['CS1026 6-7 ) expected']],
    ['if (a) int b = 1;', ['CS1023 7-17 Embedded statement cannot be a declaration or labeled statement']],
    [
      'if (a) }',
      [
        "CS1525 7-8 Invalid expression term '}'",
        'CS1002 7-8 ; expected',
        'CS1022 8-8 Type or namespace definition, or end-of-file expected',
      ],
    ],
    ['foreach (ref var x in y) { }', ['PTC3006 9-12 the variable of a `foreach` loop cannot be a reference in a policy expression']],
    ['foreach (x in y) { }', ['CS0230 11-13 Type and identifier are both required in a foreach statement']],
    [
      'foreach (var x of y) { }',
      ["CS1515 15-17 'in' expected", 'CS1026 18-19 ) expected', 'CS1002 19-20 ; expected', 'CS1513 19-20 } expected'],
    ],
    ['foreach (var in y) { }', ['CS0230 13-15 Type and identifier are both required in a foreach statement']],
    ['while true { }', ["CS1003 6-10 Syntax error, '(' expected", 'CS1026 11-12 ) expected']],
    ['int = 5;', ['CS1001 4-5 Identifier expected']],
    [
      'int x[] = a;',
      [
        "CS0650 5-6 Bad array declarator: To declare a managed array the rank specifier precedes the variable's identifier. To declare a fixed size buffer field, use the fixed keyword before the field type.",
      ],
    ],
    [
      'int class = 1;',
      [
        "CS1041 4-9 Identifier expected; 'class' is a keyword",
        'CS1002 4-9 ; expected',
        'CS1513 4-9 } expected',
        'CS1022 14-14 Type or namespace definition, or end-of-file expected',
      ],
    ],
    ['const int a;', ['CS0145 10-11 A const field requires a value to be provided']],
    ['var a = [1, 2];', ["CS1525 8-9 Invalid expression term '['"]],
    [
      'using var a = b;',
      ["CS8370 0-5 Feature 'using declarations' is not available in C# 7.3. Please use language version 8.0 or greater."],
    ],
    [
      'static int F() => 1;',
      ["CS8370 0-6 Feature 'static local functions' is not available in C# 7.3. Please use language version 8.0 or greater."],
    ],
    ['public int F() => 1;', ["CS0106 0-6 The modifier 'public' is not valid for this item"]],
    ['unsafe { return 1; }', ['CS0227 0-6 Unsafe code may only appear if compiling with /unsafe']],
    [
      'class C { } return 1;',
      [
        'CS1513 0-0 } expected',
        "CS1519 12-18 Invalid token 'return' in class, record, struct, or interface member declaration",
        'CS1022 21-21 Type or namespace definition, or end-of-file expected',
      ],
    ],
    ['in int x = 5; return x;', ['CS1513 0-0 } expected']],
    ['else { }', ["CS8641 0-4 'else' cannot start a statement."]],
    ['try { }', ['CS1524 6-7 Expected catch or finally']],
    ['catch { }', ["CS1003 0-0 Syntax error, 'try' expected"]],
    ['switch (a) { case 1 break; }', ["CS1003 20-25 Syntax error, ':' expected"]],
    ['switch (a) { return 1; }', ['CS1513 13-19 } expected', 'CS1022 24-24 Type or namespace definition, or end-of-file expected']],
    [
      'switch (a) { case int: break; }',
      ["CS8370 18-21 Feature 'type pattern' is not available in C# 7.3. Please use language version 9.0 or greater."],
    ],
    ['return """raw""";', ['CS1002 9-14 ; expected', 'CS1002 14-16 ; expected']],
    ['a = "x\nb = 1;', ['CS1010 4-5 Newline in constant', 'CS1002 6-6 ; expected']],
    [') return 1;', ['CS1513 0-0 } expected']],
    ['#foo\nreturn 1;', ['CS1024 0-1 Preprocessor directive expected']],
    ['#if true\nreturn 1;', ['CS1027 18-18 #endif directive expected']],
    [
      '#nullable enable\nreturn 1;',
      ["CS8370 0-16 Feature 'nullable reference types' is not available in C# 7.3. Please use language version 8.0 or greater."],
    ],
    ['#error no\nreturn 1;', ["CS1029 0-9 #error: 'no'"]],
    ['#endregion\nreturn 1;', ['CS1028 0-10 Unexpected preprocessor directive']],
  ])('%s', (text, faults) => {
    expect(faultsOf(text, 'multi')).toEqual(faults);
  });
});
