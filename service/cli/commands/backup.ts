/** `reeve backup` and `reeve restore`. They work on the files themselves, with the service or without it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';

import type { Archive } from '../../backup/archive.ts';
import type { Kept } from '../../backup/backup.ts';
import { Format } from '../../i18n/format.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { localeTag } from '../../i18n/locale.ts';
import { localTime } from '../../text/localTime.ts';
import { configurationFile, dataDirectory, stateDirectory } from '../../util/directories.ts';
import { messageOf, ReeveError } from '../../util/errors.ts';
import { agrees } from '../asking.ts';
import type { Context, Run } from '../command.ts';
import { CommandError, exit } from '../exit.ts';
import { restService } from '../ownUnit.ts';
import { assertPerson } from './change.ts';

const kept = (): Kept => ({
    stateDirectory: stateDirectory(),
    dataDirectory: dataDirectory(),
    configurationFile: configurationFile(),
});

export const backup: Run = async ({ terminal, json }, { operands: [file], options }) => {
    const { makeBackup } = await import('../../backup/backup.ts');
    const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '');
    const target = resolve(file ?? `reeve-${stamp}.sqlar`);
    const made = await named(() => makeBackup(kept(), target, { withModels: options.models === true }));
    if (json) {
        terminal.json(made);
        return exit.ok;
    }
    const size = new Format(localeTag()).size(made.size);
    terminal.line(_('{path}: {size}', { path: terminal.plain(made.path), size }));
    if (made.models.length > 0 && options.models !== true)
        terminal.line(terminal.wrap(_('Of language models, it has the names and not the files; with them: --models')));
    terminal.line(
        terminal.wrap(_('It holds what you asked Reeve and what Reeve saw. Keep it where only you can read it.')),
    );
    return exit.ok;
};

export const restore: Run = async (context, { operands: [file = ''], options }) => {
    const { terminal, json } = context;
    if (options.yes !== true) assertPerson(context);
    const { Archive } = await import('../../backup/archive.ts');
    const { restore: putBack } = await import('../../backup/restore.ts');
    const path = resolve(file);
    return await named(async () => {
        using archive = new Archive(path);
        describe(context, archive);
        if (options.yes !== true && !(await agrees(_('Put this back, in place of what is there now?')))) {
            if (json) terminal.json({ restored: false });
            else terminal.line(_('Nothing was changed.'));
            return exit.refused;
        }
        const from = `${path} sha256=${await hashOf(path)}`;
        await using stack = new AsyncDisposableStack();
        stack.use(await restService());
        const { before, missing } = await putBack(archive, kept(), from);
        if (json) {
            terminal.json({ restored: true, before, missing });
            return exit.ok;
        }
        terminal.line(_('Restored. What was there before is kept in {path}', { path: terminal.plain(before) }));
        if (missing.length > 0)
            terminal.line(
                terminal.wrap(
                    _(
                        'These language models are missing. To get them again: reeve models download or reeve models import',
                    ),
                ),
            );
        for (const { id, name, sha256 } of missing)
            terminal.line(`  ${terminal.plain(name, 80)} (${id}, SHA-256 ${sha256})`);
        return exit.ok;
    });
};

function describe({ terminal, json }: Context, { about }: Archive): void {
    if (json) return;
    const { made, version, files, models } = about;
    const time = localTime(made * 1000);
    terminal.note(_('Backup of {time}, made by Reeve {version}', { time, version: terminal.plain(version, 40) }));
    const count = (start: string) => files.filter(({ name }) => name.startsWith(start)).length;
    const parts = [
        _('Incidents, conversations, timeline and audit log'),
        ngettext('{count} kept file', '{count} kept files', count('contents/')),
        ...(count('config/config.toml') > 0 ? [_('Configuration')] : []),
        ngettext('{count} file with local rules', '{count} files with local rules', count('config/faults.d/')),
        ...models.map(({ name }) => _('Language model: {name}', { name: terminal.plain(name, 80) })),
    ];
    for (const part of parts) terminal.note(`  ${part}`);
}

async function hashOf(path: string): Promise<string> {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
}

async function named<T>(body: () => Promise<T>): Promise<T> {
    try {
        return await body();
    } catch (error) {
        throw asCommandError(error);
    }
}

/** Errors that the service would name on the bus; others as they are. */
function asCommandError(error: unknown): unknown {
    // Of a restore that failed, and of the service that did not start again after it.
    if (error instanceof SuppressedError) {
        const first = asCommandError(error.suppressed);
        if (!(first instanceof CommandError)) return first;
        const message = `${first.message}\n${messageOf(error.error)}`;
        return new CommandError(first.code, first.reason, message, { cause: error });
    }
    if (error instanceof ReeveError) {
        const code = error.code === 'NotFound' ? exit.notFound : exit.failed;
        return new CommandError(code, error.code, error.message, { cause: error });
    }
    const { syscall, errcode } = error as { syscall?: unknown; errcode?: unknown };
    return syscall === undefined && errcode === undefined
        ? error
        : new CommandError(exit.failed, 'Unavailable', (error as Error).message, { cause: error });
}
