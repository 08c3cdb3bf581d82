/** A stylesheet compiled: its rules in the order they are tried, named templates, globals, keys and output settings. */
import { Budget } from '../../csharp/runtime/budget.ts';
import { NetException } from '../../csharp/runtime/exception.ts';
import type { ElementValue } from '../../dotnet/xml/nodes.ts';
import { parseWithoutDtd, rootOf } from '../../dotnet/xml/parse.ts';
import { namespaceInScope } from '../../dotnet/xml/write.ts';
import type { XPathValue } from '../../dotnet/xml/xpath.ts';
import { StylesheetError } from './errors.ts';
import { compileXPath, type Evaluate, type State } from './expression.ts';
import { DEFAULT_FORMAT, type DecimalFormat } from './format-number.ts';
import { type Body, compileBody, compileParameters, compileValue, type Parameter } from './instructions.ts';
import { attributeOf, childElementsOf, expandedName, isXsl, requiredAttribute } from './names.ts';
import { compilePattern, type Pattern } from './pattern.ts';
import type { ResultBuilder } from './result.ts';

export interface Rule {
  readonly pattern: Pattern;
  readonly mode: string | undefined;
  readonly priority: number;
  readonly parameters: readonly Parameter[];
  readonly body: Body;
}

export interface Key {
  readonly name: string;
  readonly patterns: readonly Pattern[];
  readonly use: Evaluate;
}

export interface OutputSettings {
  readonly method: string | undefined;
  readonly attributes: ReadonlyMap<string, string>;
  readonly cdata: ReadonlySet<string>;
}

export interface Stylesheet {
  readonly rules: readonly Rule[];
  readonly templates: ReadonlyMap<string, Pick<Rule, 'body' | 'parameters'>>;
  readonly globals: ReadonlyMap<string, { readonly isParameter: boolean; read(state: State): XPathValue }>;
  readonly keys: readonly Key[];
  readonly formats: ReadonlyMap<string, DecimalFormat>;
  readonly attributeSets: ReadonlyMap<string, readonly ((state: State, out: ResultBuilder) => void)[]>;
  /** Namespaces of literal elements that stand for others: xsl:namespace-alias. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly output: OutputSettings;
}

/** Compiles the text of an xsl:stylesheet element. Throws StylesheetError. */
export function compileStylesheet(text: string): Stylesheet {
  return new StylesheetReader(parseRoot(text)).read();
}

function parseRoot(text: string): ElementValue {
  try {
    return rootOf(parseWithoutDtd(text, true, new Budget()));
  } catch (error) {
    if (error instanceof NetException) throw new StylesheetError(error.message);
    throw error;
  }
}

/** Elements of the top level that need nothing: blanks alone are gone from the source when it is read. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['strip-space', 'preserve-space']);

class StylesheetReader {
  readonly #root: ElementValue;
  readonly #rules: Rule[] = [];
  readonly #templates = new Map<string, Pick<Rule, 'body' | 'parameters'>>();
  readonly #globals = new Map<string, { readonly isParameter: boolean; read(state: State): XPathValue }>();
  readonly #keys: Key[] = [];
  readonly #formats = new Map<string, DecimalFormat>();
  readonly #sets = new Map<string, ((state: State, out: ResultBuilder) => void)[]>();
  readonly #aliases = new Map<string, string>();
  readonly #output = new Map<string, string>();
  readonly #cdata = new Set<string>();

  constructor(root: ElementValue) {
    this.#root = root;
  }

  read(): Stylesheet {
    if (!isXsl(this.#root, 'stylesheet') && !isXsl(this.#root, 'transform'))
      throw new StylesheetError('the namespace of `xsl` must be `http://www.w3.org/1999/XSL/Transform`');
    requiredAttribute(this.#root, 'version');
    for (const element of childElementsOf(this.#root)) this.#topLevel(element);
    // Later rules win among equal priorities (section 5.5).
    const rules = [...this.#rules].reverse().sort((a, b) => b.priority - a.priority);
    return {
      rules,
      templates: this.#templates,
      globals: this.#globals,
      keys: this.#keys,
      formats: this.#formats,
      attributeSets: this.#sets,
      aliases: this.#aliases,
      output: { method: this.#output.get('method'), attributes: this.#output, cdata: this.#cdata },
    };
  }

  #topLevel(element: ElementValue): void {
    if (!isXsl(element)) {
      this.#foreign(element);
      return;
    }
    const { local } = element.name;
    if (local === 'template') this.#template(element);
    else if (local === 'variable' || local === 'param') this.#global(element);
    else if (local === 'key') this.#key(element);
    else if (local === 'output') this.#outputSettings(element);
    else if (local === 'decimal-format') this.#format(element);
    else if (local === 'attribute-set') this.#attributeSet(element);
    else if (local === 'namespace-alias') this.#alias(element);
    else if (local === 'import' || local === 'include') throw new StylesheetError(`\`xsl:${local}\` cannot load other stylesheets here`);
    else if (!WITHOUT_EFFECT.has(local) && !isForwards(this.#root)) throw new StylesheetError(`\`xsl:${local}\` does not belong here`);
  }

  /** Elements of other namespaces are data; script blocks are off in the service. */
  #foreign(element: ElementValue): void {
    if (element.name.uri === 'urn:schemas-microsoft-com:xslt' && element.name.local === 'script')
      throw new StylesheetError('script blocks are not allowed');
    if (element.name.uri === '') throw new StylesheetError(`\`${element.name.local}\` does not belong at the top of a stylesheet`);
  }

  #template(element: ElementValue): void {
    const [match, name, mode] = ['match', 'name', 'mode'].map((attribute) => attributeOf(element, attribute));
    const compiled = { parameters: compileParameters(element), body: compileBody(element) };
    if (match === undefined && name === undefined) throw new StylesheetError('`xsl:template` needs `match` or `name`');
    if (name !== undefined) {
      const expanded = expandedName(name, element);
      if (this.#templates.has(expanded)) throw new StylesheetError(`the template \`${name}\` stands twice`);
      this.#templates.set(expanded, compiled);
    }
    const fixed = attributeOf(element, 'priority');
    if (fixed !== undefined && !/^-?(?:\d+(?:\.\d*)?|\.\d+)$/.test(fixed.trim()))
      throw new StylesheetError(`\`${fixed}\` is not a priority`);
    for (const pattern of match === undefined ? [] : compilePattern(match, element)) {
      const priority = fixed === undefined ? pattern.priority : Number(fixed);
      this.#rules.push({ ...compiled, pattern, priority, mode: mode === undefined ? undefined : expandedName(mode, element) });
    }
  }

  #global(element: ElementValue): void {
    const name = expandedName(requiredAttribute(element, 'name'), element);
    if (this.#globals.has(name)) throw new StylesheetError(`the variable \`${name}\` stands twice`);
    this.#globals.set(name, { isParameter: element.name.local === 'param', read: compileValue(element) });
  }

  #key(element: ElementValue): void {
    this.#keys.push({
      name: expandedName(requiredAttribute(element, 'name'), element),
      patterns: compilePattern(requiredAttribute(element, 'match'), element),
      use: compileXPath(requiredAttribute(element, 'use'), element),
    });
  }

  #outputSettings(element: ElementValue): void {
    for (const { name, value } of element.attributes) {
      if (name.uri !== '') continue;
      if (name.local !== 'cdata-section-elements') this.#output.set(name.local, value.trim());
      else for (const one of value.split(/\s+/)) if (one !== '') this.#cdata.add(cdataName(one, element));
    }
    const method = this.#output.get('method');
    if (method !== undefined && !['xml', 'html', 'text'].includes(method))
      throw new StylesheetError(`\`${method}\` is not an output method`);
  }

  #format(element: ElementValue): void {
    const name = attributeOf(element, 'name');
    const read = (attribute: string, fallback: string) => attributeOf(element, attribute) ?? fallback;
    this.#formats.set(name === undefined ? '' : expandedName(name, element), {
      decimal: read('decimal-separator', DEFAULT_FORMAT.decimal),
      grouping: read('grouping-separator', DEFAULT_FORMAT.grouping),
      infinity: read('infinity', DEFAULT_FORMAT.infinity),
      minus: read('minus-sign', DEFAULT_FORMAT.minus),
      nan: read('NaN', DEFAULT_FORMAT.nan),
      percent: read('percent', DEFAULT_FORMAT.percent),
      perMille: read('per-mille', DEFAULT_FORMAT.perMille),
      zero: read('zero-digit', DEFAULT_FORMAT.zero),
      digit: read('digit', DEFAULT_FORMAT.digit),
      separator: read('pattern-separator', DEFAULT_FORMAT.separator),
    });
  }

  #attributeSet(element: ElementValue): void {
    const name = expandedName(requiredAttribute(element, 'name'), element);
    const body = compileBody(element);
    const set = this.#sets.get(name) ?? [];
    this.#sets.set(name, set);
    set.push((state, out) => {
      body({ ...state, locals: undefined }, out);
    });
  }

  #alias(element: ElementValue): void {
    const uri = (attribute: string) => {
      const prefix = requiredAttribute(element, attribute);
      return namespaceInScope(element, prefix === '#default' ? '' : prefix) ?? '';
    };
    this.#aliases.set(uri('stylesheet-prefix'), uri('result-prefix'));
  }
}

function cdataName(name: string, element: ElementValue): string {
  const [prefix, local] = name.includes(':') ? name.split(':') : ['', name];
  const uri = namespaceInScope(element, prefix ?? '') ?? '';
  return uri === '' ? (local ?? '') : `{${uri}}${local ?? ''}`;
}

/** A stylesheet of a later version may hold what this one does not know (section 2.5). */
function isForwards(element: ElementValue): boolean {
  for (let at: ElementValue | null = element; at !== null; at = at.parentElement) {
    const version = isXsl(at) && at.parentElement === null ? attributeOf(at, 'version') : undefined;
    if (version !== undefined) return Number(version) !== 1;
  }
  return false;
}
