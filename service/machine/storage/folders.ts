import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

import { isAbsence } from '../machine.ts';

export type FolderSize = {
    path: string;
    /** Bytes that the files below take on the disk. */
    size: number;
};

export type FolderSizes = {
    /** Largest first. A folder whose size is mostly that of one folder in it gives way to that one. */
    folders: FolderSize[];
    /** The largest files, the largest of them first. */
    files: FolderSize[];
    /** Bytes that all of it takes. */
    size: number;
    /** How many files and folders were read. */
    entries: number;
    /** False when a limit ended the walk; then the sizes cover only the part that was read. */
    complete: boolean;
    /** Folders that we may not read. */
    unreadable: number;
};

export type WalkLimits = { entries: number; milliseconds: number };

/**
 * Folders have sizes of their own down to this depth, and up to this many; anything beyond counts for the folder above
 * it.
 */
const depthShown = 4;
const foldersKept = 20_000;
const filesKept = 6;
const atOnce = 64;

/** A folder that holds at least this share of its parent stands for it. */
const dominant = 0.8;

type Node = { path: string; size: number; depth: number; children: Node[] };

/**
 * Sizes of the folders below `start`: the same filesystem only, links not followed, files with several names counted once.
 */
export async function measureFolders(start: string, limits: WalkLimits, signal: AbortSignal): Promise<FolderSizes> {
    const deadline = performance.now() + limits.milliseconds;
    const counted = new Set<string>();
    const root: Node = { path: start, size: 0, depth: 0, children: [] };
    const files: FolderSize[] = [];
    let entries = 0;
    let kept = 0;
    let unreadable = 0;
    let device: number;
    try {
        device = (await lstat(start)).dev;
    } catch (error) {
        if (isAbsence(error)) return { folders: [], files: [], size: 0, entries: 0, complete: true, unreadable: 1 };
        throw error;
    }
    // Last in, first out: the queue stays as short as the tree is deep and its folders are wide.
    const queue: { path: string; node: Node }[] = [{ path: start, node: root }];
    const isOver = () => entries >= limits.entries || performance.now() >= deadline;

    async function visit(path: string, node: Node): Promise<void> {
        const status = await lstat(path).catch((error: unknown) => {
            if (isAbsence(error)) return null;
            throw error;
        });
        if (status?.dev !== device) return;
        entries += 1;
        if (status.isDirectory()) {
            let below = node;
            if (node.depth < depthShown && kept < foldersKept) {
                kept += 1;
                below = { path, size: 0, depth: node.depth + 1, children: [] };
                node.children.push(below);
            }
            below.size += status.blocks * 512;
            queue.push({ path, node: below });
            return;
        }
        if (status.nlink > 1) {
            const identity = `${status.ino}`;
            if (counted.has(identity)) return;
            counted.add(identity);
        }
        const size = status.blocks * 512;
        node.size += size;
        keepLargest(files, { path, size });
    }

    while (queue.length > 0 && !isOver()) {
        const { path, node } = queue.pop() ?? { path: start, node: root };
        let batch: Promise<void>[] = [];
        try {
            for await (const entry of await opendir(path, { bufferSize: atOnce })) {
                signal.throwIfAborted();
                batch.push(visit(join(path, entry.name), node));
                if (batch.length === atOnce) {
                    await Promise.all(batch);
                    batch = [];
                    if (isOver()) break;
                }
            }
        } catch (error) {
            if (!isAbsence(error)) throw error;
            unreadable += 1;
        }
        await Promise.all(batch);
    }
    const complete = queue.length === 0 && !isOver();
    sumUp(root);
    const folders = [...largest(root)].sort((a, b) => b.size - a.size);
    return {
        folders: folders.map(({ path, size }) => ({ path, size })),
        files,
        size: root.size,
        entries,
        complete,
        unreadable,
    };
}

function keepLargest(files: FolderSize[], file: FolderSize): void {
    if (files.length === filesKept && (files.at(-1)?.size ?? 0) >= file.size) return;
    files.push(file);
    files.sort((a, b) => b.size - a.size);
    files.length = Math.min(files.length, filesKept);
}

function sumUp(node: Node): number {
    for (const child of node.children) node.size += sumUp(child);
    return node.size;
}

/** The children of `node`, each replaced by the folder in it that makes up most of it, as deep as that goes. */
function* largest(node: Node): Generator<Node> {
    for (const child of node.children) {
        let folder = child;
        for (;;) {
            const heaviest = folder.children.reduce<Node | null>(
                (best, next) => (best !== null && best.size >= next.size ? best : next),
                null,
            );
            if (heaviest === null || heaviest.size < folder.size * dominant) break;
            folder = heaviest;
        }
        yield folder;
    }
}
