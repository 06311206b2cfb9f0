import { programSeverity } from '../shared/severity.ts';
import { bare } from '../../detection/subjects.ts';
import type { Captures } from '../../detection/linePattern.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Severity } from '../../model/incident.ts';

/** The texts of strerror(3) for ENOSPC, EDQUOT, EROFS and EACCES. */
const fullOrDenied = /no space left|quota exceeded|read-only file system|permission denied/i;

/** Whether a part that gnome-session starts, by the name of its desktop file, is the one that draws all the others. */
export function severityOfPart({ component = '' }: Captures): Severity {
    const name = bare(component).replace(/\.desktop$/, '');
    return programSeverity(name === 'org.gnome.Shell' ? 'gnome-shell' : name) === 'critical' ? 'critical' : 'medium';
}

export function isShell(captures: Captures): boolean {
    return severityOfPart(captures) === 'critical';
}

export function causeOfLoss({ kept = '' }: Captures): string {
    if (kept === '') return _('Their database could not be read, as happens after a power failure.');
    return _(
        'Their database could not be read, as happens after a power failure. What was left of it is kept as {path}.',
        {
            path: bare(kept),
        },
    );
}

export function causeOfLeft({ reason = '' }: Captures): string {
    if (reason === '') return _('Their database could be neither read nor set aside.');
    return _('Their database could be neither read nor set aside: {reason}.', { reason: bare(reason) });
}

export function causeOfRefusal({ path, reason = '' }: Captures): string {
    if (path !== undefined && /permission denied/i.test(reason))
        return _('{path} is not writable. It belongs to root, usually because a program was started with sudo.', {
            path,
        });
    if (reason === '' || fullOrDenied.test(reason)) return _('The disk that stores them is full or not writable.');
    return _('They could not be written: {reason}.', { reason: bare(reason) });
}
