/** Calls declared members by signature, with a clock that stands still. */

import { Budget } from '../../src/csharp/runtime/budget.ts';
import { NetException } from '../../src/csharp/runtime/exception.ts';
import type { Runtime } from '../../src/csharp/runtime/runtime.ts';
import type { TypeDeclaration } from '../../src/csharp/types/declare.ts';
import { createTypeTable } from '../../src/csharp/types/type-table.ts';
import { collectionTypes } from '../../src/dotnet/collections/index.ts';
import { coreTypes } from '../../src/dotnet/core/index.ts';
import { linqTypes } from '../../src/dotnet/linq/index.ts';
import { numberTypes } from '../../src/dotnet/numbers/index.ts';
import { textTypes } from '../../src/dotnet/text/index.ts';
import { timeTypes } from '../../src/dotnet/time/index.ts';
import type { Host } from '../../src/host/host.ts';

const NOW = Date.UTC(2024, 0, 15, 10, 30, 45, 123);

/** Numbers and times, with what their signatures mention. */
const FAMILIES = [...coreTypes, ...numberTypes, ...timeTypes, ...textTypes, ...collectionTypes, ...linqTypes];

/** A run with these families, 2024-01-15T10:30:45.123Z on the clock and 0.25 as chance. */
export function createRuntime(): Runtime {
  const host = { now: () => NOW, random: () => 0.25, newGuid: () => 'D3B07384-d9a0-4c2b-9a1e-0a1b2c3d4e5f' } as unknown as Host;
  return { host, types: createTypeTable(FAMILIES), budget: new Budget() };
}

/** Calls the member with that signature. */
export function call(runtime: Runtime, type: TypeDeclaration, signature: string, ...args: unknown[]): unknown {
  const member = type.members[signature];
  if (typeof member === 'function') return (member as (...all: unknown[]) => unknown)(...args);
  if (member !== undefined && 'special' in member) return (member.call as (...all: unknown[]) => unknown)(runtime, [], ...args);
  throw new Error(`no member '${signature}'`);
}

/** The result, or the exception as `Type: message` with the type's simple name. */
export function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof NetException)) throw error;
    return `${error.typeName.slice(error.typeName.lastIndexOf('.') + 1)}: ${error.message}`;
  }
}
