/** Every setting by name, for those who read and change them over the bus. */
import { accessSync, constants, lstatSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { writeAtomically } from '../util/durableFiles.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { Configuration } from './config.ts';
import { changeSetting, type SettingValue } from './edit.ts';
import { formerNames, settings, type QuietHours } from './schema.ts';

type Schema = { safeParse: (value: unknown) => { success: boolean; error?: { issues: { message: string }[] } } };

/** Reads and changes settings by names such as "model.unload_after". */
export class Settings {
    readonly #configuration: Configuration;
    #changing: Promise<void> = Promise.resolve();

    constructor(configuration: Configuration) {
        this.#configuration = configuration;
    }

    get file(): string {
        return this.#configuration.path;
    }

    /** The settings in force, written as in the file. */
    get values(): Record<string, SettingValue> {
        const all: Readonly<Record<string, unknown>> = this.#configuration.current;
        return Object.fromEntries(
            Object.entries(settings()).flatMap(([section, table]) =>
                Object.keys(table).map(name => {
                    const values = all[section] as Record<string, SettingValue | QuietHours | null>;
                    return [`${section}.${name}`, written(values[name] ?? null)];
                }),
            ),
        );
    }

    /** Why nothing can be changed, in words; empty when changes are possible. */
    get obstacle(): string {
        const { path } = this.#configuration;
        try {
            // The link belongs to its creator: a dotfile manager, or NixOS, which would create it again.
            if (lstatSync(path).isSymbolicLink())
                return _('{path} is a link to {target}; change it there', { path, target: readlinkSync(path) });
            accessSync(path, constants.W_OK);
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            if (code !== 'ENOENT') return _('{path} cannot be written ({code})', { path, code: code ?? '?' });
        }
        try {
            accessSync(dirname(path), constants.W_OK);
            return '';
        } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            return _('{path} cannot be written ({code})', { path: dirname(path), code: code ?? '?' });
        }
    }

    /**
     * Resolves when the change applies.
     *
     * @param value null for the default
     * @throws ReeveError NotFound, InvalidArgument, InvalidState
     */
    async change(setting: string, value: SettingValue | null): Promise<void> {
        const { section, name, schema } = find(setting);
        const problem = value === null ? undefined : schema.safeParse(value).error;
        if (problem !== undefined)
            throw new ReeveError(
                'InvalidArgument',
                `${setting}: ${problem.issues.map(({ message }) => message).join('; ')}`,
            );
        // One after another: each starts from what the previous one has written.
        const change = this.#changing.then(() => this.#write(section, name, value));
        this.#changing = change.catch(() => undefined);
        await change;
    }

    async #write(section: string, name: string, value: SettingValue | null): Promise<void> {
        const { obstacle } = this;
        if (obstacle !== '') throw new ReeveError('InvalidState', obstacle);
        const { path } = this.#configuration;
        const text = await readFile(path, 'utf8').catch((error: unknown) => {
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
            throw error;
        });
        const former = formerNames[section]?.[name];
        const present = former === undefined ? text : changeSetting(text, section, former, null);
        const changed = changeSetting(present, section, name, value);
        if (changed !== text) await writeAtomically(path, changed);
        this.#configuration.reload();
    }
}

/** @throws ReeveError NotFound */
function find(setting: string): { section: string; name: string; schema: Schema } {
    const [section = '', name = ''] = setting.split('.');
    const tables: Record<string, Record<string, Schema>> = settings();
    const table = Object.hasOwn(tables, section) ? tables[section] : undefined;
    const schema = table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
    if (schema === undefined || setting !== `${section}.${name}`)
        throw new ReeveError('NotFound', _('There is no setting {setting}', { setting }));
    return { section, name, schema };
}

function written(value: SettingValue | QuietHours | null): SettingValue {
    if (value === null) return '';
    return isQuietHours(value) ? `${clock(value.from)}-${clock(value.to)}` : value;
}

function isQuietHours(value: SettingValue | QuietHours): value is QuietHours {
    return typeof value === 'object' && 'from' in value;
}

/** @param minutes of the day */
function clock(minutes: number): string {
    return [Math.floor(minutes / 60), minutes % 60].map(part => String(part).padStart(2, '0')).join(':');
}
