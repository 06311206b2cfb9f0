import { _, ngettext } from '../i18n/i18n.ts';

/** @param microseconds how long it was, roughly */
export function span(microseconds: number): string {
    const seconds = Math.round(microseconds / 1_000_000);
    if (seconds < 1) return _('a moment');
    if (seconds < 100) return ngettext('{count} second', '{count} seconds', seconds);
    const minutes = Math.round(seconds / 60);
    if (minutes < 100) return ngettext('{count} minute', '{count} minutes', minutes);
    return ngettext('{count} hour', '{count} hours', Math.round(minutes / 60));
}
