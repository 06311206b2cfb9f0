/** org.reevedesktop.Reeve1.Settings on the bus. */
import * as z from 'zod';
import type { Callers } from '../approval/callers.ts';
import type { AuditLog } from '../audit/auditLog.ts';
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
    callers,
    audit,
}: {
    objects: ExportedObjects;
    path: string;
    configuration: Configuration;
    callers: Callers;
    audit: AuditLog;
}): Disposable {
    const settings = new Settings(configuration);
    const change = async (setting: string, value: SettingValue | null, sender: string) => {
        await settings.change(setting, value);
        const actor = await callers.identify(sender);
        const detail = value === null ? 'default' : JSON.stringify(value);
        audit.append({ event: 'setting-changed', actor, subject: setting, detail });
    };
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
            Set: async ({ setting, value }, { sender }) => {
                const { data } = settingValue.safeParse(unwrap(value));
                if (data === undefined)
                    throw new ReeveError('InvalidArgument', _('value: no setting takes such a value'));
                await change(setting, data, sender);
            },
            Reset: ({ setting }, { sender }) => change(setting, null, sender),
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
