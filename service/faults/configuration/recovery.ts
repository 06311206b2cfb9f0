import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { canBeChecked, findMistake } from '../../machine/configurationMistakes.ts';
import { readFacts } from './facts.ts';

/** The program that reads the file checks it again. */
export const isUnderstood: RecoveryCheck = {
    about: 'the program that reads the file accepts it',
    async check({ incident, machine, signal }) {
        const { path = '', message: reported } = readFacts(incident.facts);
        if (!canBeChecked(path)) return unknown();
        // Other lines of fstab may have been wrong for a long time.
        return (await findMistake(machine.run, path, signal, ({ message }) =>
            [undefined, message].includes(reported),
        )) === null
            ? { gone: true, detail: _('The error in {path} is gone', { path }) }
            : { gone: false, detail: _('The error in {path} is still there', { path }) };
    },
};
