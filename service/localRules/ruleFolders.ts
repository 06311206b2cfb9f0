import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { _ } from '../i18n/i18n.ts';

/** A folder of rules, and the owner that it and all its files must have, if it is not root. */
export type RuleFolder = { path: string; owner: number };

/** A file of rules, or why it is not read. */
export type FoundFile = { path: string } & ({ content: string } | { problem: string });

const fileLimit = 64 * 1024;
const filesLimit = 32;
const othersMayWrite = 0o022;
const groupMayWrite = 0o020;

/** The system's folder, and the one beside the user's configuration file. */
export function ruleFolders(root: string, configurationFile: string): RuleFolder[] {
    return [
        { path: join(root, 'etc/reeve/faults.d'), owner: 0 },
        { path: join(dirname(configurationFile), 'faults.d'), owner: process.getuid?.() ?? 0 },
    ];
}

/** The files of all folders, in order; for files that do not meet the requirements, the reason instead of the content. */
export function findRuleFiles(folders: readonly RuleFolder[]): FoundFile[] {
    const files = folders.flatMap(folder =>
        namesIn(folder.path).map(name => ({ folder, path: join(folder.path, name) })),
    );
    return files.map(({ folder, path }, index) => {
        if (index >= filesLimit)
            return {
                path,
                problem: `${path}: ${_('ignored: there are more than {count} files', { count: filesLimit })}`,
            };
        return readRules(path, folder);
    });
}

function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder)
            .filter(name => name.endsWith('.yaml') && !name.startsWith('.'))
            .sort();
    } catch {
        // A folder that does not exist, or that this user may not read, holds no rules for them.
        return [];
    }
}

function readRules(path: string, folder: RuleFolder): FoundFile {
    try {
        const unsafe = unsafetyOf(statSync(folder.path), folder.owner);
        if (unsafe !== null) return { path, problem: `${folder.path}: ${unsafe}` };
        // A pipe would block the service until somebody writes.
        const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
        try {
            const state = fstatSync(file);
            const problem = unsafetyOf(state, folder.owner);
            if (!state.isFile()) return { path, problem: `${path}: ${_('is not a regular file')}` };
            if (problem !== null) return { path, problem: `${path}: ${problem}` };
            if (state.size > fileLimit) return { path, problem: `${path}: ${_('is larger than 64 KiB')}` };
            return { path, content: readFileSync(file, 'utf8') };
        } finally {
            closeSync(file);
        }
    } catch (error) {
        const { code = '?' } = error as NodeJS.ErrnoException;
        return { path, problem: `${path}: ${_('cannot be read ({code})', { code })}` };
    }
}

/** Rules are trusted as far as everybody who can write them; null if only the owner can. */
function unsafetyOf({ uid, gid, mode }: { uid: number; gid: number; mode: number }, owner: number): string | null {
    // What is declared with Nix belongs to root, wherever a link to it lies.
    if (uid !== owner && uid !== 0)
        return owner === 0 ? _('ignored: it must belong to root') : _('ignored: it must belong to you');
    // Many systems give each user a group of their own with the same number, and files that this group may write.
    const isOwnGroup = owner !== 0 && gid === owner && gid === process.getgid?.();
    const forbidden = isOwnGroup ? othersMayWrite & ~groupMayWrite : othersMayWrite;
    return (mode & forbidden) === 0 ? null : _('ignored: others may write to it (chmod go-w)');
}
