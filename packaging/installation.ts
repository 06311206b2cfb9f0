/** Installs Reeve for the current user, over an older version if there is one, and removes it again. */
import { readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { _ } from '../service/i18n/i18n.ts';
import { installedFile, readInstalled, type Installed } from '../service/util/installed.ts';
import { busName, serviceUnit as unit } from '../service/util/names.ts';
import { version } from '../service/util/version.ts';
import { enableExtension, forgetExtension, returnSettings } from './extensionSettings.ts';
import { exists, missingDirectories, placeLink, placeText, placeTree, removeIfEmpty } from './fileChanges.ts';
import { userFiles } from './manifest.ts';
import type { Places } from './places.ts';
import { compileSchemas, findSchemaCompiler, type Session } from './session.ts';

/** What an uninstallation, by any version, must remove: in the library's installed.json. */
const manifestSchema = z.object({
    version: z.string(),
    uuid: z.string(),
    /** Files, links and whole directories. */
    paths: z.array(z.string()),
    /** Directories that the installation created, outermost first; removed if nothing else is in them. */
    directories: z.array(z.string()),
});
type Manifest = z.infer<typeof manifestSchema>;

/** An obstacle that only the user can decide about. */
export class InstallationError extends Error {}

export type Installation = {
    places: Places;
    session: Session;
    /** A dry run: print the steps, and change nothing. */
    dryRun: boolean;
    /** Informs the user, a line at a time. */
    say: (line: string) => void;
};

/** @param built the folder that the build wrote */
export async function install(built: string, { places, session, dryRun, say }: Installation): Promise<void> {
    await checkUser(places);
    // The library is a copy of the build without this folder.
    if (!(await exists(join(built, 'extension'))))
        throw new InstallationError(
            _('{folder} is an installation. Install from the folder of the tarball or of the sources.', {
                folder: built,
            }),
        );
    const { uuid } = z
        .object({ uuid: z.string() })
        .parse(JSON.parse(await readFile(join(built, 'extension', 'metadata.json'), 'utf8')));
    await checkCommand(places);
    const compiler = await findSchemaCompiler();
    if (compiler === null)
        throw new InstallationError(
            _(
                'glib-compile-schemas is missing. Install the package that has it: libglib2.0-bin, glib2-tools or glib2.',
            ),
        );
    const previous = await readManifest(places);
    const extension = join(places.extensions, uuid);
    const isSameExtension = await hasSameExtension(built, places, uuid);
    const { command, library } = places;
    const paths = [library, command, ...userFiles.map(file => join(places.share, file)), extension];
    const made = (await Promise.all(paths.map(missingDirectories))).flat();
    const { way } = await readInstalled(built);
    const sources = dirname(dirname(built));
    // The build lies in the sources' build/out, and says nothing of itself.
    const isCheckout = way === 'unknown' && (await exists(join(sources, 'package.json')));
    const manifest: Manifest & Installed = {
        ...(isCheckout ? { way: 'checkout', checkout: sources } : { way }),
        version,
        uuid,
        paths,
        directories: [...new Set([...(previous?.directories ?? []), ...made])].sort(),
    };
    const wasRunning = await session.isOnBus(busName);

    if (dryRun) {
        for (const path of paths) say(_('Would write {path}', { path }));
        say(_('Would enable the extension {uuid} and start {unit}', { uuid, unit }));
        return;
    }
    await placeTree(library, built, async draft => {
        await rm(join(draft, 'extension'), { recursive: true });
        await writeFile(join(draft, installedFile), `${JSON.stringify(manifest, null, 4)}\n`);
    });
    await placeLink(command, join(library, 'bin', 'reeve'));
    for (const file of userFiles) {
        const quote = file.startsWith('systemd/') ? quoteForUnit : quoteForBus;
        const text = await readFile(join(built, 'share', file), 'utf8');
        await placeText(
            join(places.share, file),
            text.replace('@reeved@', () => quote(join(library, 'bin', 'reeved'))),
        );
    }
    await placeTree(extension, join(built, 'extension'), draft => compileSchemas(compiler, join(draft, 'schemas')));
    for (const path of previous?.paths ?? [])
        if (!paths.includes(path)) await rm(path, { recursive: true, force: true });
    say(_('Installed Reeve {version} in {path}', { version, path: library }));
    if (!(process.env.PATH ?? '').split(':').includes(dirname(command)))
        say(
            _('{directory} is not in your PATH. Run the command as {command}', {
                directory: dirname(command),
                command,
            }),
        );

    // A user who reinstalls has decided about the extension already.
    if (previous === null) {
        const problem = await enableExtension(session, uuid);
        if (problem !== null) say(problem);
    }
    await session.reloadBus();
    const hasManager = await session.reloadUnits();
    if (!hasManager) {
        say(_('There is no systemd for this user: the service starts when a client asks for it.'));
    } else {
        const failure = await session.unitCommand(wasRunning ? 'restart' : 'start', unit);
        if (failure !== null)
            throw new InstallationError(
                _('The service did not start: {reason}', { reason: failure }) + `\njournalctl --user -u ${unit}`,
            );
        say(_('The service is running: systemctl --user status {unit}', { unit }));
    }
    await sayAboutShell(session, uuid, isSameExtension, say);
}

/** The Shell searches for extensions when it starts, and never loads a module twice. */
async function sayAboutShell(session: Session, uuid: string, isSame: boolean, say: (line: string) => void) {
    const known = await session.shellKnows(uuid);
    if (known === null) say(_('The extension will be available when you log in to GNOME.'));
    else if (!known) say(_('Log out and log in again: GNOME Shell finds new extensions only when it starts.'));
    else if (!isSame)
        say(_('Log out and log in again: until then, GNOME Shell runs the previous version of the extension.'));
    else say(_('The extension is running in GNOME Shell.'));
}

/** @returns false when nothing was installed */
export async function uninstall({ places, session, dryRun, say }: Installation): Promise<boolean> {
    await checkUser(places);
    const manifest = await readManifest(places);
    if (manifest === null) {
        say(_('Reeve is not installed for this user.'));
        return false;
    }
    if (dryRun) {
        for (const path of manifest.paths) say(_('Would remove {path}', { path }));
        return true;
    }
    const schemas = join(places.extensions, manifest.uuid, 'schemas');
    await forgetExtension(session, manifest.uuid);
    for (const problem of await returnSettings(session, schemas)) say(problem);
    await session.unitCommand('stop', unit);
    // The library last: it holds the list of what to remove.
    for (const path of [...manifest.paths.filter(path => path !== places.library), places.library])
        await rm(path, { recursive: true, force: true });
    for (const directory of manifest.directories.toReversed()) await removeIfEmpty(directory);
    await session.reloadUnits();
    await session.unitCommand('reset-failed', unit);
    await session.reloadBus();
    if (await session.isOnBus(busName)) say(_('The service keeps running in memory until you log out.'));
    say(_('Removed Reeve {version}.', { version: manifest.version }));
    // The service makes this one to notice when a configuration appears in it.
    await removeIfEmpty(places.config);
    for (const path of [places.state, places.data, places.config])
        if (await exists(path)) say(_('Your data stays in {path}', { path }));
    return true;
}

async function checkUser({ home }: Places): Promise<void> {
    const { uid } = await stat(home);
    const isRootForSomebody = process.getuid?.() === 0 && process.env.SUDO_UID !== undefined;
    if (uid !== process.getuid?.() || isRootForSomebody)
        throw new InstallationError(_('Reeve is installed for a single user: run this as yourself, without sudo.'));
}

/** Another program of this name is not ours to replace. */
async function checkCommand({ command, library }: Places): Promise<void> {
    if (!(await exists(command))) return;
    const target = await readlink(command).catch(() => null);
    if (target?.startsWith(`${library}/`) !== true)
        throw new InstallationError(_('{path} is another program; move it away first', { path: command }));
}

async function readManifest({ library }: Places): Promise<Manifest | null> {
    const path = join(library, installedFile);
    if (!(await exists(path))) return null;
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

/** Whether the installed extension was built from the same files: the same files give the same zip. */
async function hasSameExtension(built: string, { library }: Places, uuid: string): Promise<boolean> {
    const zip = `${uuid}.shell-extension.zip`;
    const read = (folder: string) => readFile(join(folder, zip)).catch(() => null);
    const [ours, theirs] = await Promise.all([read(built), read(library)]);
    return ours !== null && theirs !== null && ours.equals(theirs);
}

/** systemd.service(5), "Command lines", and systemd.unit(5), "Specifiers". Variables are not expanded in a program's path. */
export function quoteForUnit(path: string): string {
    return `"${path.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`;
}

/** D-Bus specification: Exec is split like a shell's command line, without expansion. */
export function quoteForBus(path: string): string {
    return `'${path.replaceAll("'", "'\\''")}'`;
}
