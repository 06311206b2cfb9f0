import { isolatesValues } from '../i18n/i18n.ts';
import { safeText } from './sanitise.ts';

/** As `safeText`, for a text of ours with foreign words in it: the isolates that `_` puts around them stay. */
export function ownText(text: string, maxLength?: number, options: { multiline?: boolean } = {}): string {
    return safeText(text, maxLength, { ...options, isolates: isolatesValues() });
}
