/** `$filter`, `$orderby`, `$select`, `$expand` against the metadata: syntax, and that every member exists. */
import { type Metadata, memberOf, type TypeName, UNTYPED } from './model.ts';
import { ODataFault, Scanner } from './scanner.ts';

/** Functions of OData 4.01, part 2, section 5.1.1.5 and on. */
const FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'concat contains endswith indexof length startswith substring hassubset hassubsequence matchespattern tolower toupper trim ' +
    'date day fractionalseconds hour maxdatetime mindatetime minute month now second time totaloffsetminutes totalseconds year ' +
    'ceiling floor round cast isof geo.distance geo.intersects geo.length case'
  ).split(' '),
);
const BINARY: ReadonlySet<string> = new Set('and or eq ne gt ge lt le has in add sub mul div divby mod'.split(' '));
const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'INF', 'NaN', '$it', '$root', '$this']);
const MOST_DEPTH = 100;

/** One expression or list over an instance of a type; throws ODataFault. */
export class ExpressionChecker {
  readonly #metadata: Metadata;
  readonly #scanner: Scanner;
  /** Variables of lambdas, with what they range over. */
  readonly #ranges = new Map<string, TypeName>();
  #depth = 0;
  /** What `$it` is, also inside lambdas. */
  #it = '';

  constructor(metadata: Metadata, text: string) {
    this.#metadata = metadata;
    this.#scanner = new Scanner(text);
  }

  filter(type: string): void {
    this.#it = type;
    this.#expression(type);
    this.#end();
  }

  orderBy(type: string): void {
    this.#it = type;
    do {
      this.#expression(type);
      if (!this.#scanner.skip('asc')) this.#scanner.skip('desc');
    } while (this.#scanner.skip(','));
    this.#end();
  }

  select(type: string): void {
    this.#it = type;
    do this.#selected(type);
    while (this.#scanner.skip(','));
    this.#end();
  }

  expand(type: string): void {
    this.#it = type;
    do this.#expanded(type);
    while (this.#scanner.skip(','));
    this.#end();
  }

  #end(): void {
    if (this.#scanner.next.kind !== 'end') throw this.#scanner.unexpected('the end expected');
  }

  /** Operators have no part in what members exist, so that precedence does not matter. */
  #expression(type: string): void {
    this.#enter();
    this.#operand(type);
    while (this.#scanner.next.kind === 'name' && BINARY.has(this.#scanner.next.text)) {
      this.#scanner.take();
      this.#operand(type);
    }
    this.#depth -= 1;
  }

  #operand(type: string): void {
    while (this.#scanner.skip('not') || this.#scanner.skip('-'));
    const { kind, text } = this.#scanner.next;
    if (kind === 'text' || kind === 'number') this.#scanner.take();
    else if (this.#scanner.skip('(')) this.#list(type);
    else if (kind !== 'name') throw this.#scanner.unexpected('an operand expected');
    else this.#named(text, type);
  }

  /** What stands in brackets: an expression, or the values of `in`. */
  #list(type: string): void {
    do this.#expression(type);
    while (this.#scanner.skip(','));
    this.#scanner.expect(')');
  }

  #named(text: string, type: string): void {
    this.#scanner.take();
    if (text.startsWith('@') || text.endsWith("'") || WORDS.has(text)) {
      if (text === '$it' && this.#scanner.skip('/')) this.#path(this.#name(), { name: this.#it, isCollection: false });
      return;
    }
    if (this.#scanner.skip('(')) {
      if (!FUNCTIONS.has(text) && !this.#metadata.calls.has(text))
        throw new ODataFault(`An unknown function with name '${text}' was found.`);
      if (!this.#scanner.skip(')')) this.#list(type);
      return;
    }
    const range = this.#ranges.get(text);
    if (range) {
      if (this.#scanner.skip('/')) this.#path(this.#name(), range);
    } else this.#path(text, { name: type, isCollection: false });
  }

  #name(): string {
    if (this.#scanner.next.kind !== 'name') throw this.#scanner.unexpected('a name expected');
    return this.#scanner.take().text;
  }

  /** Members one behind the other, with casts, `$count` and lambdas. */
  #path(first: string, start: TypeName): void {
    let current = this.#member(first, start);
    while (this.#scanner.skip('/')) {
      const name = this.#name();
      if (name === 'any' || name === 'all') return this.#lambda(current);
      current = this.#member(name, current);
    }
  }

  #lambda(over: TypeName): void {
    this.#scanner.expect('(');
    if (this.#scanner.skip(')')) return;
    const variable = this.#name();
    this.#scanner.expect(':');
    this.#ranges.set(variable, { name: over.name, isCollection: false });
    this.#expression(over.name);
    this.#ranges.delete(variable);
    this.#scanner.expect(')');
  }

  #member(name: string, of: TypeName): TypeName {
    if (of.name === UNTYPED.name) return UNTYPED;
    if (name === '$count') return { name: 'Edm.Int64', isCollection: false };
    if (name.includes('.') && this.#metadata.types.has(name)) return { name, isCollection: of.isCollection };
    const found = memberOf(this.#metadata, of.name, name);
    if (!found) throw noMember(name, of.name);
    return found;
  }

  #selected(type: string): void {
    if (this.#scanner.skip('*')) return;
    const current = this.#pathTypes(type);
    if (this.#scanner.skip('(')) this.#options(current.name);
  }

  #expanded(type: string): void {
    if (this.#scanner.skip('*')) {
      while (this.#scanner.skip('/')) this.#name();
      return;
    }
    const current = this.#pathTypes(type);
    if (this.#scanner.skip('(')) this.#options(current.name);
  }

  #pathTypes(type: string): TypeName {
    let current = this.#member(this.#name(), { name: type, isCollection: false });
    while (this.#scanner.skip('/')) {
      if (this.#scanner.skip('*') || this.#scanner.skip('$ref')) break;
      current = this.#member(this.#name(), current);
    }
    return current;
  }

  /** Options in brackets, with semicolons between. */
  #options(type: string): void {
    this.#enter();
    do {
      const name = this.#name();
      this.#scanner.expect('=');
      this.#option(name.replace(/^\$/, ''), type);
    } while (this.#scanner.skip(';'));
    this.#scanner.expect(')');
    this.#depth -= 1;
  }

  #enter(): void {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new ODataFault('The expression is nested too deeply.');
  }

  #option(name: string, type: string): void {
    switch (name) {
      case 'filter':
      case 'search':
      case 'compute':
        return name === 'filter' ? this.#expression(type) : this.#anything();
      case 'select':
        return this.#listOf(() => this.#selected(type));
      case 'expand':
        return this.#listOf(() => this.#expanded(type));
      case 'orderby':
        return this.#listOf(() => {
          this.#expression(type);
          if (!this.#scanner.skip('asc')) this.#scanner.skip('desc');
        });
      case 'top':
      case 'skip':
      case 'count':
      case 'levels':
        this.#scanner.take();
        return;
      default:
        throw new ODataFault(`The query option '$${name}' is not known.`);
    }
  }

  #listOf(one: () => void): void {
    do one();
    while (this.#scanner.skip(','));
  }

  /** Up to the end of the option. */
  #anything(): void {
    let open = 0;
    while (this.#scanner.next.kind !== 'end' && !(open === 0 && (this.#scanner.next.text === ';' || this.#scanner.next.text === ')'))) {
      const { text } = this.#scanner.take();
      if (text === '(') open += 1;
      if (text === ')') open -= 1;
    }
  }
}

export function noMember(name: string, type: string): ODataFault {
  return new ODataFault(`Could not find a property named '${name}' on type '${type}'.`);
}
