import { stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { isAbsence } from '../../machine/machine.ts';
import type { Machine } from '../../machine/machine.ts';
import type { Incident } from '../../model/incident.ts';
import type { CheckResult } from '../../model/proposal.ts';
import type { Systemd } from '../../machine/units/systemd.ts';
import { isUnitName } from '../../model/unitName.ts';
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

/** Of settings whose errors only the log reports: the file has changed since, or the unit can be loaded. */
export const isCorrected: RecoveryCheck = {
    about: 'the file has been changed or removed since, and its reader accepts it; a unit can be loaded again',
    async check({ incident, machine, systemd, signal }) {
        const { subject, scope, lastSeen } = incident;
        if (subject.startsWith('/')) {
            const changed = await changedAt(machine, subject);
            if (changed === 'hidden') return await isReadAgain(systemd, incident, signal);
            if (changed !== null && changed <= lastSeen)
                return { gone: false, detail: _('{path} has not been changed since then', { path: subject }) };
            const mistake = changed === null ? null : await findMistake(machine.run, subject, signal);
            return mistake === null
                ? { gone: true, detail: _('{path} was changed, and no error was reported since', { path: subject }) }
                : { gone: false, detail: _('The error in {path} is still there', { path: subject }) };
        }
        if (!isUnitName(subject)) return unknown();
        const unit = await systemd.unit(scope, subject, { signal });
        return unit === null || unit.loadState === 'loaded'
            ? { gone: true, detail: _('{unit} can be loaded again', { unit: subject }) }
            : { gone: false, detail: _('{unit} cannot be loaded', { unit: subject }) };
    },
};

/** The unit that reads a folder into which only root may look: polkit(8). */
const readers: readonly [folder: string, unit: string][] = [['/etc/polkit-1/', 'polkit.service']];

/** Nobody but root can see whether such a file has changed; but its reader reports an error whenever it starts. */
async function isReadAgain(
    systemd: Systemd,
    { subject, lastSeen }: Incident,
    signal: AbortSignal,
): Promise<CheckResult> {
    const [, name] = readers.find(([folder]) => subject.startsWith(folder)) ?? [];
    if (name === undefined) return unknown();
    const unit = await systemd.unit('system', name, { signal });
    return (unit?.process?.startedAt ?? 0) > lastSeen
        ? { gone: true, detail: _('{unit} was started again and has not reported it since', { unit: name }) }
        : {
              gone: false,
              detail: _(
                  'Only root may look at {path}. It is resolved once {unit} is started again and does not report it.',
                  {
                      path: subject,
                      unit: name,
                  },
              ),
          };
}

/**
 * Of the last change of a file's content, permissions or owner, in microseconds since the Unix epoch; null when it is gone,
 * "hidden" when it is in a folder that this user may not enter.
 */
async function changedAt(machine: Machine, path: string): Promise<number | null | 'hidden'> {
    try {
        return (await stat(join(machine.root, path))).ctimeMs * 1000;
    } catch (error) {
        if (isMissing(error)) return null;
        if (isAbsence(error)) return 'hidden';
        throw error;
    }
}

function isMissing(error: unknown): boolean {
    return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
