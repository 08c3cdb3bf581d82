/** `(int)element`, `(DateTime?)attribute` and the like: what XmlConvert reads, with the parsers of the types themselves. */
import { argumentNull, formatException } from '../../csharp/runtime/exception.ts';
import type { Runtime } from '../../csharp/runtime/runtime.ts';
import { type MemberTable, type SpecialImplementation, special } from '../../csharp/types/declare.ts';
import type { Method } from '../../csharp/types/type.ts';
import { durationToTimeSpan } from './content.ts';

interface Valued {
  readonly value: string;
}

type Reader = (runtime: Runtime, text: string) => unknown;

const ROUNDTRIP_KIND = 128;

/** Calls a type's static method by name and parameter types. */
function callStatic(runtime: Runtime, typeName: string, name: string, parameters: readonly string[], args: readonly unknown[]): unknown {
  const method = runtime.types
    .definition(typeName)
    ?.membersNamed(name)
    .find((member): member is Method => member.kind === 'method' && takes(runtime, member, parameters));
  if (method === undefined) throw new Error(`${typeName}.${name}(${parameters.join(', ')}) is not declared`);
  const { implementation } = method;
  if (typeof implementation === 'function') return implementation(...(args as never[]));
  return implementation.call(runtime, [], ...(args as never[]));
}

function takes(runtime: Runtime, method: Method, parameters: readonly string[]): boolean {
  if (!method.isStatic || method.parameters.length !== parameters.length) return false;
  return method.parameters.every((parameter, i) => runtime.types.display(parameter.type).endsWith(parameters[i] ?? ''));
}

function parser(typeName: string): Reader {
  return (runtime, text) => callStatic(runtime, typeName, 'Parse', ['string'], [text]);
}

function floatReader(typeName: string): Reader {
  const parse = parser(typeName);
  return (runtime, text) => {
    const trimmed = text.trim();
    if (trimmed === 'INF') return Number.POSITIVE_INFINITY;
    return trimmed === '-INF' ? Number.NEGATIVE_INFINITY : parse(runtime, trimmed);
  };
}

function readBool(_runtime: Runtime, text: string): boolean {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === 'true' || trimmed === '1') return true;
  if (trimmed === 'false' || trimmed === '0') return false;
  throw formatException(`The string '${text.toLowerCase()}' is not a valid Boolean value.`);
}

function readDate(typeName: string): Reader {
  return (runtime, text) =>
    callStatic(runtime, typeName, 'Parse', ['string', 'IFormatProvider', 'DateTimeStyles'], [text, null, ROUNDTRIP_KIND]);
}

function readTimeSpan(runtime: Runtime, text: string): unknown {
  const span = durationToTimeSpan(text);
  if (span === undefined) throw formatException(`The string '${text}' is not a valid TimeSpan value.`);
  return callStatic(runtime, 'System.TimeSpan', 'Parse', ['string'], [span]);
}

/** A function, since nodes and their declarations load each other before constants of this file exist. */
function readers(): readonly (readonly [keyword: string, reader: Reader])[] {
  return [
    ['bool', readBool],
    ['int', parser('System.Int32')],
    ['uint', parser('System.UInt32')],
    ['long', parser('System.Int64')],
    ['ulong', parser('System.UInt64')],
    ['float', floatReader('System.Single')],
    ['double', floatReader('System.Double')],
    ['decimal', parser('System.Decimal')],
    ['DateTime', readDate('System.DateTime')],
    ['DateTimeOffset', parser('System.DateTimeOffset')],
    ['TimeSpan', readTimeSpan],
    ['Guid', parser('System.Guid')],
  ];
}

/** The explicit operators of XElement or XAttribute; `parameter` is named in the exception for null. */
export function castOperators(type: string, parameter: string): MemberTable {
  const entries = readers().flatMap(([keyword, reader]): [string, SpecialImplementation][] => [
    [
      `static explicit operator ${keyword}(${type} ${parameter})`,
      special((runtime, _types, node: Valued | null) => {
        if (node === null) throw argumentNull(parameter);
        return reader(runtime, node.value);
      }),
    ],
    [
      `static explicit operator ${keyword}?(${type} ${parameter})`,
      special((runtime, _types, node: Valued | null) => (node === null ? null : reader(runtime, node.value))),
    ],
  ]);
  return {
    ...Object.fromEntries(entries),
    [`static explicit operator string(${type} ${parameter})`]: (node: Valued | null) => node?.value ?? null,
  };
}
