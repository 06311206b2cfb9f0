import { spoiltSettings } from '../units.ts';

export const scenario = spoiltSettings('the settings of a service are emptied', 'bench-ledger', path => [
    'truncate',
    '--size=0',
    path,
]);
