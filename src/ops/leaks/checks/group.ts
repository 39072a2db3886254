import { utf8 } from '../../../base/bytes.js';
import { sha256 } from '../../../id/hash.js';
import type { LeakCheck } from '../sample.js';

/** The same group, such as a patient, in two parts. */
export const group: LeakCheck = {
  name: 'group',
  what: 'the same group',
  applies: ({ hasGroups }) =>
    hasGroups ? { needs: ['group'] } : { why: 'these samples have no groups (`dvs samples --group`)' },
  marks: ({ group }) => (group === undefined || group === '' ? [] : [sha256(utf8(group))]),
};
