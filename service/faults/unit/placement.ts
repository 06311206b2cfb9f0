import type { IncidentFamily } from '../../incidents/family.ts';
import type { UnitKind } from './finding.ts';
import { causeFromLog } from './lastWords.ts';

/** How findings about units become incidents. */
export const unitPlacement = {
    name: 'unit',
    hasUnits: true,
    ofMistakes: ['exit-code', 'start-limit', 'protocol', 'setup', 'missing-executable', 'not-executable'],
    causeFromLog,
} as const satisfies IncidentFamily<UnitKind>;
