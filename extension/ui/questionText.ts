import { _, ngettext } from '../core/i18n.js';
import type { Attachment, Question } from '../remote/model.js';
import { beginning } from '../text/attachable.js';

const previewLength = 60;

export const aboutIcon = 'dialog-information-symbolic';
export const attachmentIcons = { selection: 'edit-select-all-symbolic', text: 'edit-paste-symbolic' } as const;

/** "About: nginx.service failed" */
export function aboutText({ title }: NonNullable<Question['about']>): string {
    return _('About: {problem}', { problem: title });
}

/** "Selected text · 1,204 characters" */
export function attachmentText({ kind, text, isCut }: Attachment): string {
    // Code points; a text of this length would take long to be counted as people count.
    const count = Array.from(text).length;
    const characters = { characters: count.toLocaleString(undefined, { numberingSystem: 'latn' }) };
    const amount = isCut
        ? ngettext('the first {characters} character', 'the first {characters} characters', count, characters)
        : ngettext('{characters} character', '{characters} characters', count, characters);
    return `${kind === 'selection' ? _('Selected text') : _('Clipboard')} · ${amount}`;
}

export function attachmentPreview({ text }: Attachment): string {
    return beginning(text, previewLength);
}
