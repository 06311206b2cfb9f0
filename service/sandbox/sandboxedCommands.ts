/** Runs commands that no action is made for, and offers to keep what they changed. */
import { execFile } from 'node:child_process';
import { mkdir, open as openFile, readdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';

import { mostChanges, type FileChange } from '../actions/commands/commandRun.ts';
import { isChangeable } from '../actions/commands/changeable.ts';
import type { Actions } from '../actions/actions.ts';
import { programForRoot, shownWord } from '../actions/programStep.ts';
import type { Proposals } from '../approval/proposals.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import type { Connection } from '../dbus/connection.ts';
import { _ } from '../i18n/i18n.ts';
import type { Proposal } from '../model/proposal.ts';
import type { Contents } from '../store/contents.ts';
import { redact } from '../text/redact.ts';
import { safeText } from '../text/sanitise.ts';
import { messageOf, ReeveError } from '../util/errors.ts';
import { log } from '../util/log.ts';
import { confinedBy, sandboxKinds, type Confined, type SandboxKind } from './confinement.ts';
import { runsFolder } from './leftRuns.ts';
import { FolderCopy, type LeftOut, type RunToEnd } from './folderCopy.ts';
import { runInUnit, stopUnit, usualRunLimits, type Ended, type RunLimits } from './sandboxUnit.ts';

export type CommandAsked = {
    argv: readonly string[];
    /** Where it begins: one of the folders, or a folder in one of them. */
    directory: string;
    /** What it may change. */
    folders: readonly string[];
    network: boolean;
};

export type CommandResult = {
    ended: Ended | { how: 'disk' };
    sandbox: SandboxKind;
    /** What the command wrote, made safe to show; of a long text the beginning and the end. */
    output: string;
    leftOut: readonly LeftOut[];
    /** The plan that keeps the changes; null when there are none, or when `refusal` says why not. */
    proposal: Proposal | null;
    refusal: string;
};

/** Of the output, at its beginning and at its end. Bytes. */
const outputPart = 32 * 1024;
/** So much a run may write to the disk, looked at twice in a second. Bytes. */
const mostWritten = 4 * 1024 ** 3;
const between = 500;
/** Of all files of one plan. */
const mostBytes = 4 * 1024 ** 2;

const unitPrefix = 'reeve-run-';

export class SandboxedCommands {
    readonly #folder: string;
    readonly #home: string;
    readonly #open: () => Promise<Connection>;
    readonly #actions: Pick<Actions, 'plan'>;
    readonly #proposals: Pick<Proposals, 'ask'>;
    readonly #contents: Contents;
    readonly #audit: Pick<AuditLog, 'append'>;
    readonly #limits: RunLimits;
    #kind: SandboxKind | null = null;
    #isRunning = false;

    /** @param dependencies.open a connection of its own to the session bus */
    constructor(dependencies: {
        stateDirectory: string;
        home: string;
        open: () => Promise<Connection>;
        actions: Pick<Actions, 'plan'>;
        proposals: Pick<Proposals, 'ask'>;
        contents: Contents;
        audit: Pick<AuditLog, 'append'>;
        limits?: RunLimits;
    }) {
        this.#folder = join(dependencies.stateDirectory, runsFolder);
        this.#home = dependencies.home;
        this.#open = dependencies.open;
        this.#actions = dependencies.actions;
        this.#proposals = dependencies.proposals;
        this.#contents = dependencies.contents;
        this.#audit = dependencies.audit;
        this.#limits = dependencies.limits ?? usualRunLimits;
    }

    /**
     * Runs a command with copies of its folders. Nothing outside of them is changed; what it changed in them is a plan.
     *
     * @param by.actor who asks, for the audit log
     * @throws ReeveError InvalidArgument, InvalidState for a folder that it may not change, TooLarge for one with too much in it, Busy
     * while another command runs, Unavailable without a sandbox; the reason of `by.signal`
     */
    async run(asked: CommandAsked, by: { actor: string; signal: AbortSignal }): Promise<CommandResult> {
        await requireFolders(asked);
        if (this.#isRunning) throw new ReeveError('Busy', _('Another command is running. Try again when it has ended'));
        this.#isRunning = true;
        const words = safeText(redact(asked.argv.map(shownWord).join(' ')), 1024);
        const record = (event: string, text: string) => {
            const detail = [words, `in ${asked.folders.join(', ')}`, asked.network ? 'with network' : '', text];
            this.#audit.append({
                event,
                actor: by.actor,
                subject: '',
                detail: detail.filter(part => part !== '').join('\n'),
            });
        };
        const name = `${unitPrefix}${crypto.randomUUID()}`;
        record('command-started', name);
        try {
            const result = await this.#runIn(join(this.#folder, name), name, asked, by, words);
            record('command-ended', describeEnd(result));
            return result;
        } catch (error) {
            record('command-failed', messageOf(error));
            throw error;
        } finally {
            await this.#remove(name);
            this.#isRunning = false;
        }
    }

    /** Ends runs that an earlier service left, and deletes their copies. */
    async removeLeftovers(): Promise<void> {
        for (const name of await namesIn(this.#folder)) await this.#remove(name);
    }

    async #runIn(
        place: string,
        name: string,
        asked: CommandAsked,
        { actor, signal }: { actor: string; signal: AbortSignal },
        words: string,
    ): Promise<CommandResult> {
        const scratch = join(place, 'scratch');
        await mkdir(scratch, { recursive: true, mode: 0o700 });
        const copies: FolderCopy[] = [];
        for (const [index, folder] of asked.folders.entries())
            copies.push(await FolderCopy.make(folder, join(place, String(index)), { run: runToEnd, signal }));
        const { argv, directory, network } = asked;
        const confined = { argv, directory, folders: copies, home: this.#home, scratch, network };
        const kind = await this.#findKind(confined, name, place, signal);
        const output = join(place, 'output');
        const ended = await this.#runBounded(name, confinedBy(kind, confined), {
            kind,
            network,
            output,
            place,
            signal,
        });
        signal.throwIfAborted();
        const leftOut: LeftOut[] = [];
        const changes: FileChange[] = [];
        for (const copy of copies) {
            const of = await copy.changes(this.#contents, signal);
            changes.push(...of.changes);
            leftOut.push(...of.leftOut);
        }
        const text = redact(safeText(await readOutput(output), 2 * outputPart, { multiline: true }));
        const result = { ended, sandbox: kind, output: text, leftOut, proposal: null, refusal: '' };
        if (changes.length === 0) return result;
        try {
            await this.#requireReadable(changes);
            const { folders } = asked;
            const parameters = {
                sandbox: kind,
                argv: argv.map(word => redact(safeText(word, 1024))),
                folders: [...folders],
                network,
                changes,
            };
            const plan = await this.#actions.plan({ action: 'command.run', parameters, explanation: '' }, signal);
            const { proposals } = this.#proposals.ask(`reeve run -- ${words}`, [plan], actor);
            return { ...result, proposal: proposals[0] ?? null };
        } catch (error) {
            if (!(error instanceof ReeveError) || error.code === 'Internal') throw error;
            return { ...result, refusal: error.message };
        }
    }

    /** The first kind of sandbox in which a program that does nothing succeeds. */
    async #findKind(confined: Confined, name: string, place: string, signal: AbortSignal): Promise<SandboxKind> {
        if (this.#kind !== null) return this.#kind;
        const output = join(place, 'trial');
        for (const kind of sandboxKinds) {
            const reason = await this.#try(kind, confined, { name: `${name}-${kind}.service`, output, signal });
            if (reason === null) return (this.#kind = kind);
            log('info', 'A kind of sandbox does not work', { kind, reason });
        }
        throw new ReeveError(
            'Unavailable',
            _(
                'No sandbox works here, so the command was not run. Install the package bubblewrap and allow user namespaces, or install util-linux 2.41 or newer',
            ),
        );
    }

    /** Why a kind of sandbox does not work; null when a program in it succeeds. */
    async #try(
        kind: SandboxKind,
        confined: Confined,
        { name, output, signal }: { name: string; output: string; signal: AbortSignal },
    ): Promise<string | null> {
        try {
            const argv = confinedBy(kind, { ...confined, argv: [programForRoot('true')] });
            const trial = { argv, kind, network: false, limits: this.#limits, output, signal };
            const ended = await runInUnit(name, trial, this.#open);
            signal.throwIfAborted();
            if (ended.how === 'exit' && ended.status === 0) return null;
            return safeText(await readOutput(output), 200);
        } catch (error) {
            if (!(error instanceof ReeveError) || error.code !== 'InvalidState') throw error;
            return error.message;
        }
    }

    async #runBounded(
        name: string,
        argv: readonly string[],
        {
            kind,
            network,
            output,
            place,
            signal,
        }: { kind: SandboxKind; network: boolean; output: string; place: string; signal: AbortSignal },
    ): Promise<CommandResult['ended']> {
        const full = new AbortController();
        const free = async () => {
            const { bavail, bsize } = await statfs(place);
            return bavail * bsize;
        };
        const atFirst = await free();
        const watch = setInterval(() => {
            void free().then(now => {
                if (atFirst - now > mostWritten || now === 0) full.abort();
            });
        }, between);
        try {
            const either = AbortSignal.any([signal, full.signal]);
            const unit = { argv, kind, network, limits: this.#limits, output, signal: either };
            const ended = await runInUnit(`${name}.service`, unit, this.#open);
            return full.signal.aborted && !signal.aborted ? { how: 'disk' } : ended;
        } finally {
            clearInterval(watch);
        }
    }

    /** @throws ReeveError TooLarge for more than a person can look at */
    async #requireReadable(changes: readonly FileChange[]): Promise<void> {
        const limit = mostChanges;
        if (changes.length > limit)
            throw new ReeveError(
                'TooLarge',
                _('It changed {count} files. That is too many for a plan, which has at most {limit}', {
                    count: changes.length,
                    limit,
                }),
            );
        let bytes = 0;
        for (const change of changes)
            if (change.kind === 'file' && change.after !== null)
                bytes += (await this.#contents.get(change.after))?.length ?? 0;
        if (bytes > mostBytes)
            throw new ReeveError(
                'TooLarge',
                _('It wrote {size} MiB, more than a plan can have', { size: Math.ceil(bytes / 1024 ** 2) }),
            );
    }

    /** A command may have made folders that cannot be entered. What cannot be deleted now is deleted at the next start. */
    async #remove(name: string): Promise<void> {
        const place = join(this.#folder, name);
        try {
            for (const unit of [name, ...sandboxKinds.map(kind => `${name}-${kind}`)])
                if (unit.startsWith(unitPrefix)) await stopUnit(`${unit}.service`, this.#open);
            const never = new AbortController().signal;
            await runToEnd('chmod', ['--recursive', '--silent', 'u+rwX', '--', place], never).catch(() => undefined);
            await runToEnd('rm', ['--recursive', '--force', '--one-file-system', '--', place], never);
        } catch (error) {
            log('warning', 'Could not remove what a command left', { place, reason: messageOf(error) });
        }
    }
}

async function requireFolders({ argv, directory, folders }: CommandAsked): Promise<void> {
    if (argv.length === 0 || argv[0] === '') throw new ReeveError('InvalidArgument', _('argv: must not be empty'));
    for (const folder of folders) {
        const why = await isChangeable(folder);
        if (why !== null) throw new ReeveError('InvalidState', why);
        const outer = folders.find(other => other !== folder && folder.startsWith(`${other}/`));
        if (outer !== undefined)
            throw new ReeveError(
                'InvalidArgument',
                _('{folder} is in {outer}. Name only one of them', { folder, outer }),
            );
    }
    if (!folders.some(folder => directory === folder || directory.startsWith(`${folder}/`)))
        throw new ReeveError('InvalidArgument', _('The command has to begin in a folder that it may change'));
}

async function readOutput(path: string): Promise<Buffer> {
    await using file = await openFile(path, 'r').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
    });
    if (file === null) return Buffer.alloc(0);
    const { size } = await file.stat();
    const part = async (position: number) => {
        const buffer = Buffer.alloc(outputPart);
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        return buffer.subarray(0, bytesRead);
    };
    const [first, last] = [
        await part(0),
        size > outputPart ? await part(Math.max(outputPart, size - outputPart)) : Buffer.alloc(0),
    ];
    return Buffer.concat(size > 2 * outputPart ? [first, Buffer.from('\n…\n'), last] : [first, last]);
}

function describeEnd({ ended, proposal, refusal }: CommandResult): string {
    const how = ended.how === 'exit' ? `exit status ${ended.status}` : `ended: ${ended.how}`;
    return [how, proposal === null ? '' : `plan ${proposal.digest}`, refusal].filter(part => part !== '').join('\n');
}

async function namesIn(folder: string): Promise<string[]> {
    return await readdir(folder).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
        throw error;
    });
}

const runToEnd: RunToEnd = async (program, argv, signal) => {
    await new Promise<void>((resolve, reject) => {
        execFile(programForRoot(program), argv, { signal, env: { LC_ALL: 'C.UTF-8' } }, (error, _stdout, stderr) => {
            if (error === null) resolve();
            else if (signal.aborted) reject(signal.reason as Error);
            else {
                const reason = safeText(stderr, 512) || error.message;
                const code = /No space left|Disk quota/.test(stderr) ? 'NoSpace' : 'Unavailable';
                reject(new ReeveError(code, _('The folder could not be copied: {reason}', { reason })));
            }
        });
    });
};
