/** System.Linq. */
import { declareType, type TypeDeclaration } from '../../csharp/types/declare.ts';
import { collectingMembers } from './collecting.ts';
import { groupingMembers, groupingTypes } from './grouping.ts';
import { numberMembers } from './numbers.ts';
import { orderedType, orderingMembers } from './ordering.ts';
import { pickingMembers } from './picking.ts';
import { setMembers } from './sets.ts';
import { streamingMembers } from './streaming.ts';

export const linqTypes: readonly TypeDeclaration[] = [
  declareType('static class System.Linq.Enumerable', 'all', {
    ...streamingMembers,
    ...pickingMembers,
    ...numberMembers,
    ...setMembers,
    ...groupingMembers,
    ...orderingMembers,
    ...collectingMembers,
  }),
  ...groupingTypes,
  orderedType,
];
