import { homedir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { keysOf } from '../../machine/desktop/keyFile.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { heldFile } from '../files/heldFile.ts';
import { ownPermissions } from '../files/fileStep.ts';
import type { SlotValues } from '../wish.ts';
import { applicationParameters, applicationsMeant, requireApplication } from './applicationsMeant.ts';

/** What each stands for, as panels/applications/cc-default-apps-page.c of gnome-control-center has it; “/” ends a beginning. */
const kinds = {
    web: ['x-scheme-handler/http', 'x-scheme-handler/https', 'text/html', 'application/xhtml+xml'],
    mail: ['x-scheme-handler/mailto'],
    calendar: ['text/calendar'],
    music: ['audio/'],
    video: ['video/'],
    photos: ['image/'],
    documents: ['application/pdf'],
    text: ['text/plain'],
} as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as [Kind, ...Kind[]];
const called: Readonly<Record<Kind, string>> = {
    web: '(browser|web browser|webbrowser|متصفح)',
    mail: '(mail|email|e-mail) [program|client|app]|(mailprogramm|e-mail-programm)|(برنامج بريد|بريد)',
    calendar: '(calendar|kalender|تقويم)',
    music: '(music|audio) [player]|(musikspieler|musik)|(مشغل موسيقى|موسيقى)',
    video: 'video [player]|videos|(videospieler|videoplayer)|(مشغل فيديو|فيديو)',
    photos: '(photo|photos|image|picture) [viewer]|(bildbetrachter|fotos|bilder)|(عارض صور|صور)',
    documents: 'pdf [viewer|reader|files]|(pdf-betrachter|pdf-dateien)|(قارئ pdf|ملفات pdf)',
    text: 'text editor|text files|(texteditor|textdateien)|(محرر نصوص|ملفات نصية)',
};
const slots: Readonly<Record<string, SlotValues>> = {
    kind: Object.fromEntries(kindNames.map(kind => [kind, [called[kind]]])),
};

/** The choices of the user, in the group “Default Applications”; the specification “Associations between MIME types and applications”. */
const listPath = () => join(homedir(), '.config/mimeapps.list');
const group = 'Default Applications';

/** Has a sort of files and links opened by an application, for this person alone. */
export const applicationDefault = defineAction({
    name: 'application.default',
    parameters: applicationParameters.extend({ kind: z.enum(kindNames) }),
    touches: () => ['default applications'],
    wishes: [
        {
            phrases: {
                en: [
                    '(make|set|use) {application} [as|to be] default {kind}',
                    '(set|change) default {kind} to {application}',
                    '[always] open {kind} (with|in) {application}',
                ],
                de: [
                    '(mach|mache|setze|benutze|verwende) {application} (als|zum) (standard|standardmässigen) {kind}',
                    '{application} als standard [fur] {kind} (setzen|verwenden|festlegen|einstellen)',
                    'öffne {kind} immer (mit|in) {application}',
                    '{kind} immer (mit|in) {application} öffnen',
                ],
                ar: ['(اجعل|اضبط) {application} {kind} افتراضي', 'افتح {kind} دائما (ب|في|بواسطة) {application}'],
            },
            slots,
            parameters: async (said, asked) => {
                const kind = kindNames.find(name => name === said.kind);
                return kind === undefined ? [] : (await applicationsMeant(said, asked)).map(({ id }) => ({ id, kind }));
            },
        },
    ],
    async plan({ id, kind }, { machine, contents }) {
        const { name, path } = await requireApplication(id, { machine });
        const entry = machine === null ? '' : ((await readText(machine, path)) ?? '');
        const types = typesOf(entry, kind);
        if (types.length === 0)
            throw new ReeveError('InvalidState', _('{name} does not open files of this sort', { name }));
        const held = await heldFile(listPath());
        if (held === undefined)
            throw new ReeveError('InvalidState', _('{path} is not a regular file', { path: listPath() }));
        const before = held?.contents ?? null;
        const text = before?.toString('utf8') ?? '';
        const after = types.reduce((list, type) => withDefault(list, type, `${id}.desktop`), text);
        if (after === text) throw new ReeveError('InvalidState', _('{name} is already the default', { name }));
        const title = _('Open with {name} by default: {types}', { name, types: types.join(', ') });
        const { step, undo } = await editSteps(
            'user',
            listPath(),
            { from: before, to: Buffer.from(after), permissions: ownPermissions },
            { description: title, back: _('Restore the list of default applications') },
            contents,
        );
        return {
            title,
            steps: [step],
            risk: 'low',
            riskText: _('Only this setting changes, and only for you.'),
            undo: { text: _('Sets it back'), steps: [undo] },
            authentication: false,
            preconditions: {},
        };
    },
    async verify({ id, kind }, { machine }) {
        const { path } = await requireApplication(id, { machine });
        const entry = machine === null ? '' : ((await readText(machine, path)) ?? '');
        const text = (await heldFile(listPath()))?.contents.toString('utf8') ?? '';
        return valueCheck(typesOf(entry, kind).every(type => choices(text, type)[0] === `${id}.desktop`));
    },
});

/** The types of a kind that an application says it opens; desktop-entry-spec, MimeType. */
function typesOf(entry: string, kind: Kind): string[] {
    const all = keysOf(entry, 'Desktop Entry')('MimeType').split(';');
    const isMeant = (type: string) => kinds[kind].some(of => type === of || (of.endsWith('/') && type.startsWith(of)));
    return [...new Set(all)].filter(type => /^[\w.+-]+\/[\w.+-]+$/.test(type) && isMeant(type));
}

/** The line of a type in the group, and the end of the group; -1 for none. */
function find(lines: readonly string[], type: string): { start: number; at: number } {
    const start = lines.indexOf(`[${group}]`);
    const next = lines.findIndex((line, index) => index > start && line.startsWith('['));
    const isOwn = (line: string, index: number) =>
        index > start && (next < 0 || index < next) && line.split('=')[0]?.trim() === type;
    return { start, at: start < 0 ? -1 : lines.findIndex(isOwn) };
}

/** The applications for a type, the first as the default. */
function choices(text: string, type: string): string[] {
    const lines = text.split('\n');
    const [, ...values] = (lines[find(lines, type).at] ?? '').split('=');
    const entries = values.join('=').split(';');
    return entries.map(entry => entry.trim()).filter(entry => entry !== '');
}

/** The list in which an application is the first for a type; those that were first come after it. */
function withDefault(text: string, type: string, entry: string): string {
    const known = choices(text, type);
    if (known[0] === entry) return text;
    const lines = text.split('\n');
    const { start, at } = find(lines, type);
    const line = `${type}=${[entry, ...known.filter(each => each !== entry)].join(';')}`;
    if (start < 0) return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}[${group}]\n${line}\n`;
    return (at < 0 ? lines.toSpliced(start + 1, 0, line) : lines.toSpliced(at, 1, line)).join('\n');
}
