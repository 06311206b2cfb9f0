import { lstat, opendir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes, moment } from '../figures.ts';
import { isAbsence } from '../../../machine/machine.ts';
import { isSecretPath, readablePath } from '../../../machine/readablePath.ts';
import { tool } from '../tool.ts';

const entriesLimit = 100_000;
const foundLimit = 200;

export const findFiles = tool({
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
    async run({ name, folder = homedir() }, { machine, clock, signal }, out) {
        const start = await readablePath(machine, folder);
        machine.onRead?.(start);
        const wanted = matcher(name);
        const found: string[] = [];
        let entries = 0;
        const queue = [start];
        for (let next = queue.pop(); next !== undefined && entries < entriesLimit; next = queue.pop()) {
            try {
                for await (const entry of await opendir(next)) {
                    signal.throwIfAborted();
                    if (entries === entriesLimit) break;
                    entries += 1;
                    const path = join(next, entry.name);
                    if (isSecretPath(path)) continue;
                    if (entry.isDirectory()) queue.push(path);
                    if (found.length < foundLimit && wanted(entry.name.toLowerCase())) found.push(path);
                }
            } catch (error) {
                if (!isAbsence(error)) throw error;
            }
        }
        out.cite(fact('file', start, `${entries} entries searched, ${found.length} match`));
        out.line(`${entries} entries below ${start} searched${entries < entriesLimit ? '' : ', not all of them'}`);
        const rows: string[] = [];
        for (const path of found.slice(0, 25)) {
            const status = await lstat(path).catch(() => null);
            const kind = status?.isDirectory() === true ? 'folder' : bytes(status?.size ?? 0);
            const when = status === null ? '' : `, changed ${moment(status.mtimeMs * 1000, clock())}`;
            rows.push(`${safeText(path, 200)}: ${kind}${when}`);
        }
        out.list('Found', rows, row => row, 25);
        if (found.length > rows.length)
            out.line(`and ${found.length - rows.length}${found.length === foundLimit ? ' or more' : ''} further ones`);
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
