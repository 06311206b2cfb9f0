/** Turns a user's name for a model of the hub into an order. */
import { basename } from 'node:path';

import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { findEntry, sizeOf } from './catalogue.ts';
import type { Need } from './fit.ts';
import type { Wanted } from './hub.ts';
import { fileName, repositoryName } from './names.ts';
import type { Note } from './partial.ts';
import { estimateNeed } from './recommend.ts';

/** A model of the hub. */
export type Order = Wanted & {
    id: string;
    /** For people. */
    name: string;
    /** Memory that it takes, as far as that is known beforehand. */
    need: Need | null;
};

/**
 * @param model an id of the catalogue, or "OWNER/NAME/FILE.gguf" of the hub
 * @param begun an earlier partial download, when it is known by its id
 * @returns `size` in bytes, 0 while only the hub knows it
 * @throws ReeveError NotFound, InvalidArgument
 */
export function orderFor(model: string, begun: Note | null): Order & { size: number } {
    const entry = findEntry(model);
    if (entry !== undefined) {
        const { id, name, repository, file, revision, sha256 } = entry;
        const need = estimateNeed(entry);
        return { id, name, repository, file, revision, sha256, need, size: sizeOf(entry) };
    }
    if (begun !== null) return { ...begun, id: model, need: null };
    if (!model.includes('/')) throw new ReeveError('NotFound', _('The catalogue has no model {id}', { id: model }));
    const [owner = '', name = '', ...rest] = model.split('/');
    const repository = repositoryName.safeParse(`${owner}/${name}`);
    const file = fileName.safeParse(rest.join('/'));
    if (!repository.success || !file.success)
        throw new ReeveError('InvalidArgument', _('model: expected OWNER/NAME/FILE.gguf'));
    const title = basename(file.data, '.gguf');
    const order = { id: idFrom(title), name: title, repository: repository.data, file: file.data };
    return { ...order, revision: null, sha256: null, need: null, size: 0 };
}

/** "Qwen3 4B Instruct" is "qwen3-4b-instruct". */
export function idFrom(name: string): string {
    const plain = name
        .toLowerCase()
        .replace(/[^a-z0-9._]+/g, '-')
        .replace(/^[^a-z0-9]+|-+$/g, '');
    return plain.slice(0, 56) || 'model';
}
