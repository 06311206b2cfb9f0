/** org.reevedesktop.Reeve1.Settings on the bus. */
import * as z from 'zod';
import type { Configuration } from '../config/config.ts';
import type { SettingValue } from '../config/edit.ts';
import { Settings } from '../config/settings.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { settingsTable, type Settings as SettingsInterface } from './generated/interfaces.ts';
import { unwrap, variant } from '../dbus/variant.ts';

const settingValue = z.union([z.boolean(), z.number(), z.string(), z.array(z.string())]);

export function exportSettings({
    objects,
    path,
    configuration,
}: {
    objects: ExportedObjects;
    path: string;
    configuration: Configuration;
}): Disposable {
    const settings = new Settings(configuration);
    const exported = objects.export<SettingsInterface>(path, settingsTable, {
        properties: () => ({
            version: 1,
            Values: Object.fromEntries(
                Object.entries(settings.values).map(([name, value]) => [name, variant(signatureOf(value), value)]),
            ),
            File: settings.file,
            Obstacle: settings.obstacle,
        }),
        methods: {
            Set: async ({ setting, value }) => {
                const { data } = settingValue.safeParse(unwrap(value));
                if (data === undefined)
                    throw new ReeveError('InvalidArgument', _('value: no setting takes such a value'));
                await settings.change(setting, data);
            },
            Reset: ({ setting }) => settings.change(setting, null),
        },
    });
    const changed = () => {
        exported.changed();
    };
    configuration.on('changed', changed);
    return {
        [Symbol.dispose]: () => {
            configuration.off('changed', changed);
            exported[Symbol.dispose]();
        },
    };
}

function signatureOf(value: SettingValue): string {
    if (typeof value === 'boolean') return 'b';
    if (typeof value === 'number') return 'u';
    return typeof value === 'string' ? 's' : 'as';
}
