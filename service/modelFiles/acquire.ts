/** Installs a model from the hub or from a user's file into the library. Loaded on first use. */
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';

import type { Format } from '../i18n/format.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { download } from './download.ts';
import { needOf, type Need } from './fit.ts';
import type { Hub } from './hub.ts';
import { importFile } from './importFile.ts';
import type { Installed, Library } from './library.ts';
import { idFrom, type Order } from './order.ts';
import { diskReserve, misfit } from './recommend.ts';
import type { Survey } from './survey.ts';

/** Callbacks to the waiting caller, and its way to stop. */
export type Running = {
    /** The stage that begins, in words. */
    step: (text: string) => void;
    /** Bytes there, and in all. */
    progress: (received: number, total: number) => void;
    signal: AbortSignal;
};

type Common = {
    library: Library;
    /** Microseconds since the Unix epoch. */
    now: number;
    running: Running;
};

/** @throws ReeveError DoesNotFit, NotFound, NoSpace, WrongChecksum, UnusableModel, Unavailable, Cancelled */
export async function fetchModel({
    order,
    hub,
    survey,
    evenIfTooLarge,
    format,
    pauses,
    library,
    now,
    running,
}: Common & {
    order: Order;
    hub: Hub;
    survey: Survey;
    evenIfTooLarge: boolean;
    format: Format;
    /** See download.ts. */
    pauses: readonly number[] | undefined;
}): Promise<Installed> {
    const { id, name } = order;
    const assertFits = (need: Need) => {
        const reason = evenIfTooLarge ? null : misfit(name, need, survey, format);
        if (reason !== null) throw new ReeveError('DoesNotFit', reason);
    };
    if (order.need !== null) assertFits(order.need);
    running.step(_('Looking up {name} on the hub', { name }));
    const pinned = await hub.pin(order, running.signal);
    const { repository, file, revision, size, sha256 } = pinned;
    const there = (await library.unfinished()).find(one => one.id === id)?.received ?? 0;
    running.progress(there, size);
    assertSpace(size - there, survey, format);
    const folder = await library.partialFolder(id);
    const facts = await download({
        hub,
        pinned,
        name,
        folder,
        check: found => {
            assertFits(needOf(found));
        },
        progress: {
            received: bytes => {
                running.progress(bytes, size);
            },
            step: running.step,
        },
        signal: running.signal,
        ...(pauses !== undefined && { pauses }),
    });
    const origin = { kind: 'hub' as const, repository, file, revision };
    return library.install(folder, { id, name, size, sha256, installed: now, origin, facts });
}

/** @throws ReeveError NotFound, InvalidArgument, NoSpace, UnusableModel, Cancelled */
export async function importModel({ path, library, now, running }: Common & { path: string }): Promise<Installed> {
    running.step(_('Reading {name}', { name: basename(path) }));
    const folder = await library.draftFolder();
    try {
        const imported = await importFile(path, folder, { received: running.progress, signal: running.signal });
        const known = library.findContent(imported.sha256);
        if (known !== undefined) return known;
        const name = imported.facts.name || basename(path, '.gguf');
        const origin = { kind: 'file' as const, path };
        return await library.install(folder, { id: freeId(name, library), name, installed: now, origin, ...imported });
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

function assertSpace(missing: number, survey: Survey, format: Format): void {
    const needed = missing + diskReserve;
    if (needed <= survey.disk) return;
    throw new ReeveError(
        'NoSpace',
        _('{needed} of disk space are needed, but only {free} are free.', {
            needed: format.size(needed),
            free: format.size(survey.disk),
        }),
    );
}

/** The model's name as an unused id. */
function freeId(name: string, library: Library): string {
    const base = idFrom(name);
    for (let number = 1; ; number += 1) {
        const id = number === 1 ? base : `${base}-${number}`;
        if (!library.has(id)) return id;
    }
}
