/** Values of variables as fixtures write them, `{ type, value }`, in object representation. */
import { Budget } from '../csharp/runtime/budget.ts';
import { callImplementation } from '../csharp/runtime/defaults.ts';
import type { Runtime } from '../csharp/runtime/runtime.ts';
import { Boxed, makeArray } from '../csharp/runtime/values.ts';
import type { TypeTable } from '../csharp/types/table.ts';
import type { NamedType, Type } from '../csharp/types/type.ts';
import { AuthorizationContext } from '../exchange/context/tokens.ts';
import type { Host } from '../host/host.ts';
import { type FixtureResponse, responseOf } from './eval-messages.ts';

export interface FixtureValue {
  readonly type: string;
  readonly value: unknown;
}

/** `DateTimeStyles.RoundtripKind`: a trailing Z makes it UTC. */
const ROUND_TRIP_KIND = 128;

/** Full names of the types that read their own text. */
const PARSED: Readonly<Record<string, string>> = {
  decimal: 'System.Decimal',
  DateTimeOffset: 'System.DateTimeOffset',
  TimeSpan: 'System.TimeSpan',
  Guid: 'System.Guid',
  JObject: 'Newtonsoft.Json.Linq.JObject',
  JArray: 'Newtonsoft.Json.Linq.JArray',
  JToken: 'Newtonsoft.Json.Linq.JToken',
  XElement: 'System.Xml.Linq.XElement',
};

/** Makes .NET values by the library's own constructors and Parse methods. */
export class ValueReader {
  readonly #types: TypeTable;
  readonly #runtime: Runtime;

  constructor(types: TypeTable, host: Host) {
    this.#types = types;
    this.#runtime = { host, types, budget: new Budget() };
  }

  read({ type, value }: FixtureValue): unknown {
    const parser = PARSED[type];
    if (parser !== undefined) return this.#call(this.#types.type(parser), 'Parse', [String(value)]);
    switch (type) {
      case 'null':
        return null;
      case 'string':
        return value;
      case 'int':
      case 'double':
        return new Boxed(this.#types.type(type), Number(value));
      case 'bool':
        return new Boxed(this.#types.type('bool'), value === true);
      case 'long':
        return new Boxed(this.#types.type('long'), BigInt(String(value)));
      case 'char':
        return new Boxed(this.#types.type('char'), String(value).charCodeAt(0));
      case 'byte[]':
        return new Uint8Array(Buffer.from(String(value), 'base64'));
      case 'string[]':
        return this.#strings(value);
      default:
        return this.#object(type, value);
    }
  }

  /** A JSON value as JObject, JArray or JValue. */
  json(value: unknown): unknown {
    return value === null || value === undefined ? null : this.read({ type: 'JToken', value: JSON.stringify(value) });
  }

  #strings(value: unknown): unknown[] {
    return makeArray(this.#types.array(this.#types.type('string')), [...(value as string[])]);
  }

  #object(type: string, value: unknown): unknown {
    const text = this.#types.type('string');
    switch (type) {
      case 'DateTime':
        return this.#call(this.#types.type('System.DateTime'), 'Parse', [String(value), null, ROUND_TRIP_KIND]);
      case 'List<string>':
        return this.#call(this.#types.type('System.Collections.Generic.List', text), '.ctor', [this.#strings(value)], 'collection');
      case 'Dictionary<string,string>':
        return this.#dictionary(Object.entries(value as Record<string, string>), text);
      case 'Authorization':
        return this.#authorization(value as { accessToken: string; claims: Record<string, unknown> });
      case 'IResponse':
        return responseOf(value as FixtureResponse);
      default:
        throw new Error(`variables of type ${type} are not known`);
    }
  }

  #authorization({ accessToken, claims }: { accessToken: string; claims: Record<string, unknown> }): unknown {
    const entries = Object.entries(claims).map(([name, claim]) => [name, this.#claim(claim)] as const);
    return new AuthorizationContext(accessToken, this.#dictionary(entries, this.#types.type('object')));
  }

  #claim(value: unknown): unknown {
    if (typeof value === 'number') return this.read({ type: 'int', value });
    return typeof value === 'boolean' ? this.read({ type: 'bool', value }) : value;
  }

  /** `Dictionary<string, V>`; values in V's representation. */
  #dictionary(entries: Iterable<readonly [string, unknown]>, valueType: Type): unknown {
    const type = this.#types.type('System.Collections.Generic.Dictionary', this.#types.type('string'), valueType);
    const made = this.#call(type, '.ctor', []);
    for (const [key, item] of entries) this.#call(type, 'Add', [made, key, item]);
    return made;
  }

  /** Calls the member of a type that takes so many arguments; `parameter` names the first one where that is not enough. */
  #call(type: NamedType, name: string, args: readonly unknown[], parameter?: string): unknown {
    const found = type.definition.membersNamed(name).find((member) => {
      if (member.kind !== 'method' && member.kind !== 'constructor') return false;
      const receiver = member.kind === 'method' && !member.isStatic ? 1 : 0;
      const fits = member.parameters.length + receiver === args.length;
      return fits && (parameter === undefined || member.parameters[0]?.name === parameter);
    });
    if (found?.kind !== 'method' && found?.kind !== 'constructor')
      throw new Error(`${type.definition.fullName} has no ${name} for ${args.length}`);
    return callImplementation(found.implementation, this.#runtime, type.typeArguments, args);
  }
}
