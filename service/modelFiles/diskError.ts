import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';

/** A full disk or an exceeded quota as an error of ours; any other error as it is. */
export function diskError(error: unknown): Error {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
        return new ReeveError('NoSpace', _('The disk is full; the partial download was deleted'), {
            cause: error,
        });
    return error instanceof Error ? error : new Error(String(error));
}
