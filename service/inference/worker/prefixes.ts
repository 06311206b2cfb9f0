import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';

/** Shorter prefixes are evaluated as fast as they are read. */
const shortestWorthKeeping = 64;
/** A prefix of a large model weighs hundreds of megabytes. */
const mostKept = 4;
const mostBytes = 4 * 1024 ** 3;
/** Of the disk's free space, the share that one prefix may take. */
const shareOfFreeSpace = 0.05;

const suffix = '.prefix';
const inUseSuffix = '.prefix-in-use';

/**
 * Evaluated prompts on disk: what the system message and the tools made of the model's memory, so that the first question
 * after a load does not pay for them again.
 *
 * llama.cpp trusts such a file: one from another model, or a damaged one, may crash the process. So a file is named for
 * everything that it depends on, appears under its name only when it is complete, and is set aside while it is read: one that
 * crashed the worker is not found again and is deleted by the next one.
 */
export class Prefixes {
    readonly #folder: string;
    readonly #key: readonly string[];

    /** @param key everything besides the tokens that the state depends on: model, release of llama.cpp, context, accelerator */
    constructor(folder: string, key: readonly string[]) {
        this.#folder = folder;
        this.#key = key;
    }

    /** @returns whether the sequence, which must be empty, now holds the prefix */
    async restore(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<boolean> {
        if (tokens.length < shortestWorthKeeping) return false;
        const file = this.#file(tokens);
        const inUse = file.replace(suffix, inUseSuffix);
        try {
            await rename(file, inUse);
        } catch {
            return false;
        }
        try {
            await sequence.loadStateFromFile(inUse, { acceptRisk: true });
            await rename(inUse, file);
            const now = new Date();
            await utimes(file, now, now);
            return sequence.nextTokenIndex === tokens.length;
        } catch {
            await rm(inUse, { force: true });
            await sequence.clearHistory();
            return false;
        }
    }

    /**
     * Keeps what the sequence holds, which must be the prefix and nothing else. A failure to keep it must delay or fail
     * nobody.
     */
    async keep(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
        if (tokens.length < shortestWorthKeeping) return;
        try {
            await this.#write(sequence, tokens);
        } catch (error) {
            process.stderr.write(`The evaluated prompt is not kept: ${String(error)}\n`);
        }
    }

    async #write(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
        await mkdir(this.#folder, { recursive: true, mode: 0o700 });
        await this.#pruneOldest();
        const { ram, vram } = sequence.context.memoryUsage;
        const expected = ((ram + vram) * tokens.length) / sequence.contextSize;
        const { bavail, bsize } = await statfs(this.#folder);
        if (expected > Math.min(bavail * bsize * shareOfFreeSpace, mostBytes)) return;
        const file = this.#file(tokens);
        const draft = `${file}.${process.pid}`;
        try {
            await sequence.saveStateToFile(draft);
            await rename(draft, file);
        } catch (error) {
            await rm(draft, { force: true });
            throw error;
        }
    }

    #file(tokens: readonly Token[]): string {
        const hash = createHash('sha256').update(JSON.stringify([this.#key, tokens]));
        return join(this.#folder, `${hash.digest('hex').slice(0, 32)}${suffix}`);
    }

    /** Deletes the oldest until one more fits, and whatever an earlier worker left behind. */
    async #pruneOldest(): Promise<void> {
        const kept: { path: string; size: number; used: number }[] = [];
        for (const name of await readdir(this.#folder)) {
            const path = join(this.#folder, name);
            if (!name.endsWith(suffix)) await rm(path, { force: true });
            else {
                const { size, mtimeMs } = await stat(path);
                kept.push({ path, size, used: mtimeMs });
            }
        }
        kept.sort((a, b) => b.used - a.used);
        let bytes = 0;
        for (const [index, { path, size }] of kept.entries()) {
            bytes += size;
            if (index >= mostKept - 1 || bytes > mostBytes) await rm(path, { force: true });
        }
    }
}
