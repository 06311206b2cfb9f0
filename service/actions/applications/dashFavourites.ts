import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineAction, valueCheck } from '../action.ts';
import { readKey, writeKey } from '../settings/gsettings.ts';
import type { Surroundings } from '../surroundings.ts';
import { applicationParameters, applicationsMeant, requireApplication } from './applicationsMeant.ts';

type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** The favourites of the dash, as the names of desktop entries; data/org.gnome.shell.gschema.xml.in of gnome-shell. */
const favourites = { schema: 'org.gnome.shell', key: 'favorite-apps' };
const touches = () => [`${favourites.schema} ${favourites.key}`];

/** Adds an application to the dash. */
export const dashPin = defineAction({
    name: 'dash.pin',
    parameters: applicationParameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    'pin {application} [to|on] [(dash|dock|taskbar|favourites|favorites)]',
                    '(add|put) {application} (to|on|in) (dash|dock|taskbar|favourites|favorites)',
                ],
                de: [
                    '(hefte|pinne) {application} [an|ans] [(dash|dock|favoriten)] [an]',
                    '{application} (ans|zum|zu) (dash|dock|favoriten) (anheften|hinzufügen)',
                    'füge {application} (zum|zu) (dash|dock|favoriten) hinzu',
                ],
                ar: ['(ثبت|أضف) {application} (في|إلى) (شريط|مفضلة)'],
            },
            parameters: applicationsMeant,
        },
    ],
    plan: async ({ id }, asked) => await plan(id, true, asked),
    verify: async ({ id }, asked) => await verify(id, true, asked),
});

/** Takes an application off the dash. */
export const dashUnpin = defineAction({
    name: 'dash.unpin',
    parameters: applicationParameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    'unpin {application} [from] [(dash|dock|taskbar|favourites|favorites)]',
                    '(remove|take) {application} (from|off) (dash|dock|taskbar|favourites|favorites)',
                ],
                de: [
                    '(entferne|löse|nimm) {application} (vom|aus|von) (dash|dock|favoriten)',
                    '{application} (vom|aus|von) (dash|dock|favoriten) (entfernen|lösen)',
                ],
                ar: ['(أزل|احذف) {application} من (شريط|مفضلة)'],
            },
            parameters: applicationsMeant,
        },
    ],
    plan: async ({ id }, asked) => await plan(id, false, asked),
    verify: async ({ id }, asked) => await verify(id, false, asked),
});

async function plan(id: string, isWanted: boolean, asked: Asked) {
    const { name } = await requireApplication(id, asked);
    const before = await readKey(favourites, asked.machine, asked.signal);
    const entries = entriesOf(before);
    const own = `'${id}.desktop'`;
    if (entries.includes(own) === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted ? _('{name} is already in the dash', { name }) : _('{name} is not in the dash', { name }),
        );
    const after = isWanted ? [...entries, own] : entries.filter(entry => entry !== own);
    const title = isWanted ? _('Add {name} to the dash', { name }) : _('Remove {name} from the dash', { name });
    return {
        title,
        steps: [writeKey(title, favourites, after.length === 0 ? '@as []' : `[${after.join(', ')}]`)],
        risk: 'low' as const,
        riskText: _('Only this setting changes, and only for you.'),
        undo: { text: _('Sets it back'), steps: [writeKey(_('Set the dash back'), favourites, before)] },
        authentication: false,
        preconditions: { favourites: before },
    };
}

async function verify(id: string, isWanted: boolean, { machine, signal }: Asked) {
    return valueCheck(entriesOf(await readKey(favourites, machine, signal)).includes(`'${id}.desktop'`) === isWanted);
}

/** In their quotation marks, as gsettings(1) prints a list of strings. */
function entriesOf(list: string): string[] {
    return list.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g) ?? [];
}
