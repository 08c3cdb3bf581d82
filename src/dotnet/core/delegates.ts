/** Func, Action and the other general delegates. */
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';

const MOST = 16;

/** `in T1, in T2` and `T1 arg1, T2 arg2`; a single parameter is called T. */
function parameters(count: number): { readonly types: string; readonly list: string } {
  const names = Array.from({ length: count }, (_, at) => (count === 1 ? 'T' : `T${at + 1}`));
  return {
    types: names.map((name) => `in ${name}`).join(', '),
    list: names.map((name, at) => `${name} arg${count === 1 ? '' : at + 1}`).join(', '),
  };
}

function declareFunc(count: number): TypeDeclaration {
  const { types, list } = parameters(count);
  return declareType(`delegate TResult System.Func<${types === '' ? '' : `${types}, `}out TResult>(${list})`, 'implied', {});
}

function declareAction(count: number): TypeDeclaration {
  const { types, list } = parameters(count);
  return declareType(`delegate void System.Action${count === 0 ? '' : `<${types}>`}(${list})`, 'implied', {});
}

const COUNTS = Array.from({ length: MOST + 1 }, (_, count) => count);

export const generalDelegates: readonly TypeDeclaration[] = [
  ...COUNTS.map(declareFunc),
  ...COUNTS.map(declareAction),
  declareType('delegate bool System.Predicate<in T>(T obj)', 'implied', {}),
  declareType('delegate int System.Comparison<in T>(T x, T y)', 'implied', {}),
  declareType('delegate TOutput System.Converter<in TInput, out TOutput>(TInput input)', 'implied', {}),
];
