import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { ReeveError } from '../../../util/errors.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes, moment } from '../figures.ts';
import { isAbsence, listNames, readText } from '../../../machine/machine.ts';
import { readablePath } from '../../../machine/readablePath.ts';
import { toldTool } from '../tool.ts';

export const fileInfo = toldTool({
    name: 'file_info',
    description: 'Size, owner, permissions and time of change of a file or folder, and the contents of a folder.',
    parameters: z.object({ path: z.string().min(1).max(1024).describe('absolute path') }),
    asked: {
        phrases: {
            en: [
                'who (may|can) (write|read|change) [to] {path}',
                '(who|which user) owns [the] [file|folder] {path}',
                '(what|which) permissions does {path} have',
                '[what are] [the] permissions of {path}',
                '(list|show) [the] files (in|of|below) {path}',
            ],
            de: [
                'wer darf {path} (lesen|ändern|schreiben)',
                'wem gehört [die] [datei] {path}',
                'welche rechte hat {path}',
            ],
            ar: ['من (يملك|مالك) {path}', 'ما [هي] صلاحيات {path}'],
        },
        example: () => _('Who owns {path}?', { path: '/etc/fstab' }),
        values: ({ path = '' }) => ({ path }),
    },
    async find({ path }, { machine }, cite) {
        const place = await readablePath(machine, path);
        machine.onRead?.(place);
        const real = join(machine.root, place);
        try {
            const status = await lstat(real);
            const found = {
                place,
                kind: status.isDirectory()
                    ? ('folder' as const)
                    : status.isFile()
                      ? ('file' as const)
                      : ('neither' as const),
                size: status.size,
                mode: (status.mode & 0o7777).toString(8).padStart(4, '0'),
                owner: nameOf(status.uid, (await readText(machine, '/etc/passwd', 1_048_576)) ?? ''),
                group: nameOf(status.gid, (await readText(machine, '/etc/group', 1_048_576)) ?? ''),
                changed: status.mtimeMs * 1000,
                target: status.isSymbolicLink() ? safeText(await readlink(real), 300) : null,
                entries: status.isDirectory() ? (await listNames(machine, place)).sort() : null,
            };
            cite(fact('file', place, describe(found)));
            return found;
        } catch (error) {
            if (isAbsence(error))
                throw new ReeveError('NotFound', _('{path} cannot be read', { path: safeText(place, 200) }));
            throw error;
        }
    },
    write(found, out, { path }, clock) {
        const { place, changed, target, entries } = found;
        out.line(`${place}: ${describe(found)}, changed ${moment(changed, clock())}`);
        if (place !== path) out.line(`${path} leads there`);
        if (target !== null) out.line(`It is a link to ${target}`);
        if (entries !== null) out.list(`${entries.length} entries`, entries, name => safeText(name, 120), 30);
    },
    *tell({ place, kind, size, mode, owner, group, changed, target, entries }, format) {
        const values = { path: code(safeText(place, 200)), owner: code(owner), group: code(group) };
        yield `${_('{path} belongs to {owner}, and to the group {group}.', values)}\n\n`;
        yield item(_('Permissions: {mode}', { mode: code(mode) }));
        if (kind === 'file') yield item(_('Size: {size}', { size: format.size(size) }));
        if (entries !== null)
            yield item(ngettext('{count} entry', '{count} entries', entries.length, { count: entries.length }));
        if (target !== null) yield item(_('It is a link to {path}', { path: code(target) }));
        yield item(_('Last changed {when}', { when: format.when(changed) }));
    },
});

const kinds = { folder: 'folder', file: 'file', neither: 'neither file nor folder' };

type Described = { kind: keyof typeof kinds; size: number; mode: string; owner: string; group: string };

function describe({ kind, size, mode, owner, group }: Described): string {
    return `${kinds[kind]}, ${bytes(size)}, mode ${mode}, owner ${owner}, group ${group}`;
}

/** @param table passwd(5) or group(5), which both have the name first and the number third */
function nameOf(id: number, table: string): string {
    const line = table.split('\n').find(entry => entry.split(':')[2] === String(id));
    return safeText(line?.split(':')[0] ?? String(id), 64);
}
