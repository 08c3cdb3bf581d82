/** What a Terraform file says: blocks, attributes, expressions; every text keeps its place. */
import type { MappedText } from '../../source/mapped-text.ts';
import type { SourceFile } from '../../source/source-file.ts';

/** What each item of a splat is called; no name of a file looks like this. */
export const SPLAT_ITEM = '[*]';

export interface HclBody {
  readonly attributes: ReadonlyMap<string, HclAttribute>;
  readonly blocks: readonly HclBlock[];
}

export interface HclAttribute {
  readonly name: string;
  readonly start: number;
  readonly value: HclExpression;
}

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: HclBody;
  readonly file: SourceFile;
  readonly start: number;
}

export type HclExpression = HclNode & { readonly file: SourceFile; readonly start: number; readonly end: number };

export type HclNode =
  | { readonly kind: 'template'; readonly parts: readonly HclPart[] }
  | { readonly kind: 'literal'; readonly value: number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly HclExpression[] }
  | { readonly kind: 'object'; readonly items: readonly (readonly [HclExpression, HclExpression])[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly HclExpression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'attribute'; readonly of: HclExpression; readonly name: string }
  | { readonly kind: 'index'; readonly of: HclExpression; readonly index: HclExpression }
  | { readonly kind: 'conditional'; readonly test: HclExpression; readonly then: HclExpression; readonly otherwise: HclExpression }
  /** `of[*].each`; `alone`: the same steps over `of` as one thing. */
  | { readonly kind: 'splat'; readonly of: HclExpression; readonly each: HclExpression; readonly alone: HclExpression }
  /** `%{ if }`: the parts of a text that stand there or not. */
  | { readonly kind: 'when'; readonly test: HclExpression; readonly body: readonly HclPart[]; readonly otherwise: readonly HclPart[] }
  /** `%{ for }`: the parts of a text once for each item. */
  | {
      readonly kind: 'each';
      readonly key: string | undefined;
      readonly item: string;
      readonly of: HclExpression;
      readonly body: readonly HclPart[];
    }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: HclExpression; readonly right: HclExpression }
  | { readonly kind: 'unary'; readonly operator: string; readonly value: HclExpression }
  | {
      readonly kind: 'for';
      readonly key: string | undefined;
      readonly item: string;
      readonly of: HclExpression;
      readonly keyResult: HclExpression | undefined;
      readonly result: HclExpression;
      readonly test: HclExpression | undefined;
    };

/** A stretch of text, `${…}` or a directive. */
export type HclPart = MappedText | HclExpression;

/** What cannot be read, and where in the file. */
export class HclError extends Error {
  readonly file: SourceFile;
  readonly at: number;

  constructor(message: string, file: SourceFile, at: number) {
    super(message);
    this.file = file;
    this.at = at;
  }
}
