import { lstat, opendir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes, moment } from '../figures.ts';
import { isAbsence } from '../../../machine/machine.ts';
import { isSecretPath, readablePath } from '../../../machine/readablePath.ts';
import { toldTool } from '../tool.ts';

const entriesLimit = 100_000;
const shown = 25;

export const findFiles = toldTool({
    name: 'find_files',
    description: 'Files and folders below a folder whose name contains a text, with size and time of change.',
    parameters: z.object({
        name: z.string().min(1).max(128).describe('part of the name; * stands for anything'),
        folder: z.string().max(1024).optional().describe('where to look; default: the home folder'),
    }),
    asked: {
        phrases: {
            en: [
                'where is [the|my] file {name}',
                'where is {name}',
                '(find|locate) [the|my] [file|files|folder] [called|named] {name}',
                'where did i (save|put|store) [the|my] [file] {name}',
                '(search|look) [my] files for {name}',
            ],
            de: [
                'wo (ist|liegt) [die|meine] [datei] {name}',
                '(finde|such|suche) [die|meine] (datei|ordner) {name}',
                'wo habe ich [die] [datei] {name} (gespeichert|abgelegt|hingelegt)',
            ],
            ar: ['اين [يوجد] [الملف|ملف] {name}', 'ابحث عن [الملف|ملف] {name}'],
        },
        named: 'must',
        example: () => _('Where is {file}?', { file: 'report.pdf' }),
        values: ({ name = '' }) => ({ name }),
    },
    async find({ name, folder = homedir() }, { machine, signal }, cite) {
        const start = await readablePath(machine, folder);
        machine.onRead?.(start);
        const wanted = matcher(name);
        const paths: string[] = [];
        let count = 0;
        let entries = 0;
        // Near folders before deep ones, and hidden ones last: what people look for is rarely in a cache.
        const queue = [start];
        const hidden: string[] = [];
        for (
            let next = queue.shift();
            next !== undefined && entries < entriesLimit;
            next = queue.shift() ?? hidden.shift()
        ) {
            try {
                for await (const entry of await opendir(next)) {
                    signal.throwIfAborted();
                    if (entries === entriesLimit) break;
                    entries += 1;
                    const path = join(next, entry.name);
                    if (isSecretPath(path)) continue;
                    if (entry.isDirectory()) (entry.name.startsWith('.') ? hidden : queue).push(path);
                    if (!wanted(entry.name.toLowerCase())) continue;
                    count += 1;
                    if (count <= shown) paths.push(path);
                }
            } catch (error) {
                if (!isAbsence(error)) throw error;
            }
        }
        cite(fact('file', start, `${entries} entries searched, ${count} match`));
        const files = await Promise.all(
            paths.map(async path => {
                const status = await lstat(path).catch(() => null);
                return {
                    path: safeText(path, 200),
                    size: status === null || status.isDirectory() ? null : status.size,
                    changed: status === null ? null : status.mtimeMs * 1000,
                };
            }),
        );
        return { start, entries, files, count };
    },
    write({ start, entries, files, count }, out, _values, clock) {
        out.line(`${entries} entries below ${start} searched${entries < entriesLimit ? '' : ', not all of them'}`);
        const describe = ({ path, size, changed }: (typeof files)[number]) =>
            `${path}: ${size === null ? 'folder' : bytes(size)}${changed === null ? '' : `, changed ${moment(changed, clock())}`}`;
        out.list('Found', files, describe, shown);
        if (count > files.length) out.line(`and ${count - files.length} further ones`);
    },
    *tell({ start, entries, files, count }, format, { name }) {
        const values = { name: code(safeText(name, 128)), folder: code(safeText(start, 200)), count };
        yield count === 0
            ? `${_('Nothing below {folder} has {name} in its name.', values)}\n\n`
            : `${ngettext('{count} file or folder below {folder} has {name} in its name:', '{count} files and folders below {folder} have {name} in their names:', count, values)}\n\n`;
        for (const { path, size, changed } of files) {
            const file = code(path);
            const when = changed === null ? null : format.when(changed);
            if (when === null) yield item(file);
            else if (size === null) yield item(_('{file}, a folder, changed {when}', { file, when }));
            else yield item(_('{file}, {size}, changed {when}', { file, size: format.size(size), when }));
        }
        if (count > files.length) yield item(_('and {count} more', { count: format.number(count - files.length) }));
        if (entries >= entriesLimit)
            yield `\n${_('There are so many files that I looked at {count} of them only.', { count: format.number(entries) })}\n`;
    },
});

/**
 * Whether a name, in lower case, matches the pattern. Matched piece by piece: a model's text never becomes a regular
 * expression.
 */
function matcher(pattern: string): (name: string) => boolean {
    const pieces = pattern.toLowerCase().split('*');
    const isAnywhere = pieces.length === 1;
    return name => {
        let from = 0;
        for (const [index, piece] of pieces.entries()) {
            const at = name.indexOf(piece, from);
            if (at < 0 || (!isAnywhere && index === 0 && at > 0)) return false;
            from = at + piece.length;
        }
        return isAnywhere || pieces.at(-1) === '' || name.endsWith(pieces.at(-1) ?? '');
    };
}
