/** org.reevedesktop.Reeve1.Preferences on the bus. */
import type { Callers } from '../approval/callers.ts';
import type { Assistant } from '../assistant/assistant.ts';
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
    status,
}: {
    objects: ExportedObjects;
    path: string;
    preferences: Preferences;
    assistant: () => Promise<Pick<Assistant, 'readPreference'>>;
    callers: Callers;
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
    const exported = objects.export<PreferencesInterface>(path, preferencesTable, {
        properties: () => ({ version: 1, Preferences: preferences.list().map(toDictionary) }),
        methods: {
            State: async ({ said }, { sender }) => {
                const meaning = await read(said);
                const { id } = preferences.add(said, meaning, await callers.identify(sender));
                return { id };
            },
            Edit: async ({ id, said }, { sender }) => {
                const meaning = await read(said);
                preferences.edit(Number(id), said, meaning, await callers.identify(sender));
            },
            Forget: async ({ id }, { sender }) => {
                preferences.forget(Number(id), await callers.identify(sender));
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
