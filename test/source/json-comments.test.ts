import { expect, it } from 'vitest';
import { withoutComments } from '../../src/source/json-comments.ts';

it.each([
  ['{ "a": 1 }', '{ "a": 1 }'],
  ['{ // of a line\n "a": 1 }', '{             \n "a": 1 }'],
  ['{ "a": /* 1\n2 */ 3 }', '{ "a":     \n     3 }'],
  ['{ "a": "https://host/*" } // end', '{ "a": "https://host/*" }       '],
  ['{ "a\\"//": "/* \\\\" /* b */ }', '{ "a\\"//": "/* \\\\"         }'],
  ['{ "a": 1 /* never closed', '{ "a": 1                '],
  ['{ "never closed // }', '{ "never closed // }'],
])('leaves blanks in the place of comments: %s', (text, expected) => {
  expect(withoutComments(text)).toBe(expected);
});
