import { spoiltSettings } from '../units.ts';

export const scenario = spoiltSettings('a bracket is missing in the settings of a service', 'bench-lectern', path => [
    'sed',
    '--in-place',
    's/}//',
    path,
]);
