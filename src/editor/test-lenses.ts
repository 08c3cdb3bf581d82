/** Where an editor offers to run tests: at the suite and at each test of a `*.test.yaml` file. */

export interface TestLens {
  /** Offset in the text. */
  readonly offset: number;
  readonly title: string;
  /** Undefined for the whole file. */
  readonly test: string | undefined;
}

export function testLenses(text: string): TestLens[] {
  const tests = [...text.matchAll(/^([ \t]*)- (?:\{[ \t]*)?name:[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([^\n,}#]+))/gm)];
  const list = /^tests:/m.exec(text);
  const all = list ? [{ offset: list.index, title: 'Run all tests', test: undefined }] : [];
  const from = list?.index ?? text.length;
  const own = tests.filter(({ index }) => index > from);
  // Steps of a timeline may have names, too; tests are those of the first, widest list.
  const indent = own[0]?.[1]?.length ?? 0;
  return [
    ...all,
    ...own
      .filter((match) => (match[1]?.length ?? 0) === indent)
      .map((match) => ({ offset: match.index + indent, title: 'Run test', test: (match[2] ?? match[3] ?? match[4] ?? '').trim() })),
  ];
}
