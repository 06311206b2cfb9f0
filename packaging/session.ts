/** The running session, as far as an installation must inform it of changed files. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import * as z from 'zod';

import { BusError, Connection } from '../service/dbus/connection.ts';
import { parseGVariant, printStrings, type TextValue } from './gvariantText.ts';

const run = promisify(execFile);
const bus = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
};
const shell = {
    destination: 'org.gnome.Shell.Extensions',
    path: '/org/gnome/Shell/Extensions',
    interface: 'org.gnome.Shell.Extensions',
};

/** ExtensionState, https://gitlab.gnome.org/GNOME/gnome-shell/-/blob/50.0/data/dbus-interfaces/org.gnome.Shell.Extensions.xml */
const extensionInfo = z.object({ state: z.number() });
/** Of these, the one of an extension that runs. */
const active = 1;

/** @returns the output, or null where the program is missing or fails */
async function ask(program: string, ...args: string[]): Promise<string | null> {
    try {
        return (await run(program, args, { timeout: 30_000 })).stdout;
    } catch {
        return null;
    }
}

export class Session implements AsyncDisposable {
    readonly #connection: Connection | null;

    private constructor(connection: Connection | null) {
        this.#connection = connection;
    }

    /** Works without any session: then there is nobody to inform. */
    static async open(): Promise<Session> {
        return new Session(await Connection.open('session').catch(() => null));
    }

    async [Symbol.asyncDispose](): Promise<void> {
        await this.#connection?.[Symbol.asyncDispose]();
    }

    get hasBus(): boolean {
        return this.#connection !== null;
    }

    async isOnBus(name: string): Promise<boolean> {
        return this.#connection !== null && (await this.#connection.nameOwner(name)) !== null;
    }

    /** Whether there is a service manager for this user, and it knows our files now. */
    async reloadUnits(): Promise<boolean> {
        return (await ask('systemctl', '--user', 'daemon-reload')) !== null;
    }

    /** The bus notices new service files by itself only in directories that existed when it started. */
    async reloadBus(): Promise<void> {
        await this.#connection?.call({ ...bus, member: 'ReloadConfig' });
    }

    /** @returns why it failed, in systemctl's words; null when it succeeded */
    async unitCommand(verb: 'start' | 'restart' | 'stop' | 'reset-failed', unit: string): Promise<string | null> {
        try {
            await run('systemctl', ['--user', verb, unit], { timeout: 60_000 });
            return null;
        } catch (error) {
            const { stderr, message } = error as { stderr?: string; message: string };
            return stderr?.trim() || message;
        }
    }

    /** Whether the running Shell has found the extension; null when no Shell runs here. */
    async shellKnows(uuid: string): Promise<boolean | null> {
        const state = await this.#stateOf(uuid);
        return state === null ? null : state !== 'unknown';
    }

    async isExtensionOn(uuid: string): Promise<boolean> {
        return (await this.#stateOf(uuid)) === active;
    }

    async #stateOf(uuid: string): Promise<number | 'unknown' | null> {
        if (this.#connection === null) return null;
        try {
            const [info] = await this.#connection.call({
                ...shell,
                member: 'GetExtensionInfo',
                signature: 's',
                arguments: [uuid],
            });
            return extensionInfo.safeParse(info).data?.state ?? 'unknown';
        } catch (error) {
            if (error instanceof BusError) return null;
            throw error;
        }
    }

    async showPreferences(uuid: string): Promise<void> {
        const opened = { ...shell, member: 'OpenExtensionPrefs', signature: 'ssa{sv}', arguments: [uuid, '', {}] };
        await this.#connection?.call(opened);
    }

    /** What the Shell runs for, such as "user" and "gdm" (js/ui/sessionMode.js of gnome-shell); null without a Shell. */
    async shellMode(): Promise<string | null> {
        const name = 'org.gnome.Shell';
        try {
            return z.string().parse(await this.#connection?.getProperty(name, '/org/gnome/Shell', name, 'Mode'));
        } catch (error) {
            if (error instanceof BusError || this.#connection === null) return null;
            throw error;
        }
    }

    /** @param directory of a schema that is not installed for all; @returns null when it cannot be read */
    async readSetting(schema: string, key: string, directory?: string): Promise<TextValue | null> {
        const text = await ask('gsettings', ...schemaDirectory(directory), 'get', schema, key);
        return text === null ? null : parseGVariant(text);
    }

    async isSet(schema: string, key: string): Promise<boolean> {
        return (await ask('gsettings', 'get', schema, key))?.trim() === 'true';
    }

    /** @returns whether it could be written */
    async writeSetting(schema: string, key: string, value: readonly string[]): Promise<boolean> {
        return (await ask('gsettings', 'set', schema, key, printStrings(value))) !== null;
    }

    async resetSettings(schema: string, directory: string): Promise<void> {
        await ask('gsettings', ...schemaDirectory(directory), 'reset-recursively', schema);
    }
}

function schemaDirectory(directory: string | undefined): string[] {
    return directory === undefined ? [] : ['--schemadir', directory];
}

/** Debian keeps the program where only its own triggers look when the development files are not installed. */
const schemaCompilers = [
    'glib-compile-schemas',
    '/usr/lib/x86_64-linux-gnu/glib-2.0/glib-compile-schemas',
    '/usr/lib/aarch64-linux-gnu/glib-2.0/glib-compile-schemas',
];

export async function findSchemaCompiler(): Promise<string | null> {
    for (const program of schemaCompilers) {
        try {
            await run(program, ['--version']);
            return program;
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
    }
    return null;
}

export async function compileSchemas(compiler: string, directory: string): Promise<void> {
    await run(compiler, ['--strict', directory]);
}
