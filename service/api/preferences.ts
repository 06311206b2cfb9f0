/** org.reevedesktop.Reeve1.Preferences on the bus. */
import type { Callers } from '../approval/callers.ts';
import type { Assistant } from '../assistant/assistant.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';
import { _ } from '../i18n/i18n.ts';
import type { Status } from '../lifecycle/status.ts';
import type { Meaning, Preference, Preferences } from '../preferences/preferences.ts';
import { ReeveError } from '../util/errors.ts';
import { preferencesTable, type Preferences as PreferencesInterface } from './generated/interfaces.ts';

const longest = 256;
/** Milliseconds; it asks the computer what the sentence names. */
const readingLimit = 20_000;

export function exportPreferences({
    objects,
    path,
    preferences,
    assistant,
    callers,
    audit,
    status,
}: {
    objects: ExportedObjects;
    path: string;
    preferences: Preferences;
    assistant: () => Promise<Pick<Assistant, 'readPreference'>>;
    callers: Callers;
    audit: AuditLog;
    status: Status;
}): Disposable {
    const read = async (said: string): Promise<Meaning> => {
        if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
        if (said.length > longest)
            throw new ReeveError('InvalidArgument', _('said: at most {limit} characters', { limit: longest }));
        const meaning = await (await assistant()).readPreference(said, AbortSignal.timeout(readingLimit));
        if (meaning === null)
            throw new ReeveError('InvalidArgument', _('said: states no preference that Reeve understands'));
        return meaning;
    };
    /** A preference may forbid changes, so who states or lifts one is on record. */
    const record = (event: string, actor: string, id: number, said: string) => {
        audit.append({ event, actor, subject: `preference ${id}`, detail: said });
    };
    const exported = objects.export<PreferencesInterface>(path, preferencesTable, {
        properties: () => ({ version: 1, Preferences: preferences.list().map(toDictionary) }),
        methods: {
            State: async ({ said }, { sender }) => {
                const meaning = await read(said);
                const actor = await callers.identify(sender);
                const { id } = preferences.add(said, meaning);
                record('preference-stated', actor, id, said);
                return { id };
            },
            Edit: async ({ id, said }, { sender }) => {
                const meaning = await read(said);
                const actor = await callers.identify(sender);
                preferences.edit(Number(id), said, meaning);
                record('preference-changed', actor, Number(id), said);
            },
            Forget: async ({ id }, { sender }) => {
                const actor = await callers.identify(sender);
                const forgotten = preferences.list().find(preference => preference.id === Number(id));
                preferences.forget(Number(id));
                record('preference-forgotten', actor, Number(id), forgotten?.said ?? '');
            },
        },
    });
    const changed = () => {
        exported.changed();
    };
    preferences.on('changed', changed);
    return {
        [Symbol.dispose]: () => {
            preferences.off('changed', changed);
            exported[Symbol.dispose]();
        },
    };
}

function toDictionary({ id, made, said, meaning }: Preference): Dictionary {
    const { name, thing } = meaning.kind === 'name' ? meaning : { name: '', thing: '' };
    const actions = meaning.kind === 'never' ? [...new Set(meaning.changes.map(({ action }) => action))] : [];
    return {
        id: variant('t', id),
        made: variant('t', made),
        said: variant('s', said),
        kind: variant('s', meaning.kind),
        name: variant('s', name),
        thing: variant('s', thing),
        actions: variant('as', actions),
    };
}
