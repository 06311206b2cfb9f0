import { join } from 'node:path';

import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, item } from '../../markup.ts';
import { ReeveError } from '../../../util/errors.ts';
import { redact } from '../../../text/redact.ts';
import { safeText } from '../../../text/sanitise.ts';
import { amount } from '../amount.ts';
import { fact } from '../../../machine/evidence.ts';
import { bytes } from '../figures.ts';
import { isAbsence } from '../../../machine/machine.ts';
import { openPlainFile } from '../../../machine/plainFile.ts';
import { readablePath } from '../../../machine/readablePath.ts';
import { toldTool } from '../tool.ts';

const bytesRead = 65_536;
const linesDefault = 40;

export const readFile = toldTool({
    name: 'read_file',
    description: 'The first or last lines of a text file, such as a configuration or log file. Secrets are left out.',
    parameters: z.object({
        path: z.string().min(1).max(1024).describe('absolute path'),
        lines: amount(100).optional().describe('default 40'),
        end: z.boolean().optional().describe('the last lines rather than the first'),
    }),
    asked: {
        phrases: {
            en: [
                '(show|print|read|display|cat) [me] [the] [file] {path}',
                'what does [the] [file] {path} (say|contain)',
                'what (is|stands) written in {path}',
                '(last|first) lines of {path}',
                '[show] [me] [the] (content|text) of [the] [file] {path}',
            ],
            de: ['was steht in [der] [datei] {path}', '(zeige|zeig|lies|öffne) [mir] [die] [datei] {path} [an|vor]'],
            ar: ['(ماذا|ما) (مكتوب|المكتوب) في {path}', '(اعرض|اظهر|اقرا) [محتوى] [الملف] {path}'],
        },
        example: () => _('What does {path} say?', { path: '/etc/hosts' }),
        values: ({ path = '' }) => ({ path }),
    },
    async find({ path, lines = linesDefault, end = false }, { machine }, cite) {
        const place = await readablePath(machine, path);
        machine.onRead?.(place);
        const real = join(machine.root, place);
        try {
            await using file = await openPlainFile(real);
            if (file === null) throw new ReeveError('InvalidArgument', `${safeText(place, 200)} is not a file`);
            const { size } = await file.stat();
            const start = end ? Math.max(0, size - bytesRead) : 0;
            const buffer = Buffer.alloc(bytesRead);
            const { bytesRead: length } = await file.read(buffer, 0, bytesRead, start);
            const bytesHere = buffer.subarray(0, length);
            if (bytesHere.includes(0)) return { place, size, lines: null, isCut: false };
            const all = bytesHere.toString('utf8').replace(/\n$/, '').split('\n');
            // As a whole: a key has several lines.
            const shown = redact((end ? all.slice(-lines) : all.slice(0, lines)).join('\n')).split('\n');
            cite(fact('file', place, safeText(shown.join('\n'), 1000)));
            return { place, size, lines: shown, isCut: shown.length < all.length || length < size };
        } catch (error) {
            if (isAbsence(error))
                throw new ReeveError('NotFound', _('{path} cannot be read', { path: safeText(place, 200) }));
            throw error;
        }
    },
    write({ place, size, lines, isCut }, out, { end = false }) {
        out.line(`${place}: ${bytes(size)}`);
        if (lines === null) {
            out.line('It is not a text file.');
            return;
        }
        out.block(lines.join('\n'));
        if (isCut) out.line(end ? '(there is more before)' : '(there is more after)');
    },
    *tell({ place, size, lines, isCut }, format) {
        const values = { path: code(safeText(place, 200)), size: format.size(size), count: lines?.length ?? 0 };
        if (lines === null) {
            yield `${_('{path} is not a text file ({size}).', values)}\n`;
            return;
        }
        yield isCut
            ? `${ngettext('{path} has {size}. Its first line:', '{path} has {size}. Its first {count} lines:', lines.length, values)}\n\n`
            : `${_('{path} ({size}) says:', values)}\n\n`;
        for (const line of lines) if (line.trim() !== '') yield item(code(safeText(line, 200)));
    },
});
