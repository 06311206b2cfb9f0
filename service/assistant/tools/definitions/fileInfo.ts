import { lstat, readlink } from 'node:fs/promises';
import { join } from 'node:path';

import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { ReeveError } from '../../../util/errors.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes, moment } from '../figures.ts';
import { isAbsence, listNames, readText } from '../../../machine/machine.ts';
import { readablePath } from '../../../machine/readablePath.ts';
import { tool } from '../tool.ts';

export const fileInfo = tool({
    name: 'file_info',
    description: 'Size, owner, permissions and time of change of a file or folder, and the contents of a folder.',
    parameters: z.object({ path: z.string().min(1).max(1024).describe('absolute path') }),
    asked: {
        phrases: {
            en: [
                '(who|which user) owns [the] [file|folder] {path}',
                '(what|which) permissions does {path} have',
                '[what are] [the] permissions of {path}',
                '(list|show) [the] files (in|of|below) {path}',
            ],
            de: ['wem gehört [die] [datei] {path}', 'welche rechte hat {path}'],
            ar: ['من (يملك|مالك) {path}', 'ما [هي] صلاحيات {path}'],
        },
        example: () => _('Who owns {path}?', { path: '/etc/fstab' }),
        values: ({ path = '' }) => ({ path }),
    },
    async run({ path }, { machine, clock }, out) {
        const place = await readablePath(machine, path);
        machine.onRead?.(place);
        const real = join(machine.root, place);
        try {
            const status = await lstat(real);
            const kind = status.isDirectory() ? 'folder' : status.isFile() ? 'file' : 'neither file nor folder';
            const mode = (status.mode & 0o7777).toString(8).padStart(4, '0');
            const owner = nameOf(status.uid, (await readText(machine, '/etc/passwd', 1_048_576)) ?? '');
            const group = nameOf(status.gid, (await readText(machine, '/etc/group', 1_048_576)) ?? '');
            const text = `${kind}, ${bytes(status.size)}, mode ${mode}, owner ${owner}, group ${group}`;
            out.cite(fact('file', place, text));
            out.line(`${place}: ${text}, changed ${moment(status.mtimeMs * 1000, clock())}`);
            if (place !== path) out.line(`${path} leads there`);
            if (status.isSymbolicLink()) out.line(`It is a link to ${safeText(await readlink(real), 300)}`);
            if (status.isDirectory()) {
                const names = (await listNames(machine, place)).sort();
                out.list(`${names.length} entries`, names, name => safeText(name, 120), 30);
            }
        } catch (error) {
            if (isAbsence(error)) throw new ReeveError('NotFound', `${safeText(place, 200)} cannot be read`);
            throw error;
        }
    },
});

/** @param table passwd(5) or group(5), which both have the name first and the number third */
function nameOf(id: number, table: string): string {
    const line = table.split('\n').find(entry => entry.split(':')[2] === String(id));
    return safeText(line?.split(':')[0] ?? String(id), 64);
}
