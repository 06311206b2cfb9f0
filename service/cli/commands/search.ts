/** `reeve search`: this computer's documentation, with the service or without it. */
import { loadConfig } from '../../config/config.ts';
import { knowledgeFolder } from '../../knowledge/place.ts';
import { removeIndex, withIndex, type KnowledgeIndex } from '../../knowledge/knowledgeIndex.ts';
import { search, type Hit } from '../../knowledge/search.ts';
import { dataFolders, findSources } from '../../knowledge/sources.ts';
import { Format } from '../../i18n/format.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { localeTag } from '../../i18n/locale.ts';
import { cacheDirectory, configurationFile } from '../../util/directories.ts';
import { messageOf, ReeveError } from '../../util/errors.ts';
import type { OptionValues, Run } from '../command.ts';
import { CommandError, exit, UsageError } from '../exit.ts';
import { heading } from '../describe.ts';
import { onInterrupt } from '../interrupt.ts';
import type { Terminal } from '../terminal.ts';

export const run: Run = async ({ terminal, json }, { operands, options }) => {
    const folder = knowledgeFolder(cacheDirectory());
    if (options.remove === true) {
        if (operands.length > 0) throw new UsageError('--remove takes no words');
        try {
            removeIndex(folder);
        } catch (error) {
            if (!(error instanceof ReeveError) || error.code !== 'Busy') throw error;
            throw new CommandError(exit.failed, 'Busy', _('The index is being updated. Try again later.'), {
                cause: error,
            });
        }
        if (json) terminal.json({ removed: true });
        else terminal.line(_('The index was removed. The next search makes it again.'));
        return exit.ok;
    }
    if (options.update === true && operands.length > 0) throw new UsageError('--update takes no words');
    const question = operands.join(' ');
    if (question.trim() === '' && options.update !== true) throw new UsageError('search: WORDS is missing');
    const limit = limitOf(options.limit);
    using interrupt = onInterrupt();
    try {
        return await withIndex(folder, async index => {
            await update(index, terminal, interrupt.signal);
            if (interrupt.signal.aborted) return exit.interrupted;
            if (options.update === true) {
                const { pages } = index;
                if (json) terminal.json({ pages });
                else terminal.line(ngettext('{count} page is in the index.', '{count} pages are in the index.', pages));
                return exit.ok;
            }
            const hits = search(index, question, limit);
            if (json) terminal.json({ pages: index.pages, results: hits.map(hitJson) });
            else if (hits.length === 0) terminal.line(_('The documentation on this computer has nothing about this.'));
            else for (const hit of hits) write(terminal, hit);
            return hits.length === 0 ? exit.notWell : exit.ok;
        });
    } catch (error) {
        if ((error as { errcode?: unknown }).errcode === undefined && !(error instanceof ReeveError)) throw error;
        throw new CommandError(exit.failed, 'Unavailable', (error as Error).message, { cause: error });
    }
};

async function update(index: KnowledgeIndex, terminal: Terminal, signal: AbortSignal): Promise<void> {
    const format = new Format(localeTag());
    const progress = (done: number, total: number) => {
        terminal.progress(
            _('Reading the documentation: {done} of {total}', {
                done: format.number(done),
                total: format.number(total),
            }),
        );
    };
    const failed = (path: string, error: unknown) => {
        const reason = messageOf(error);
        terminal.note(`reeve: ${terminal.plain(_('Could not read {path}: {reason}', { path, reason }), 500)}`);
    };
    try {
        const { folders } = loadConfig(configurationFile()).config.knowledge;
        await index.update(await findSources(signal, dataFolders(), folders), { signal, progress, failed });
    } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ReeveError) || error.code !== 'Busy') throw error;
        terminal.note(`reeve: ${_('The index is being updated; something may be missing.')}`);
    } finally {
        terminal.progress('');
    }
}

function write(terminal: Terminal, { title, heading: section, summary, path, text }: Hit): void {
    const place = section === '' ? title : _('{one}, {other}', { one: title, other: section });
    terminal.line(`${heading(terminal, terminal.plain(place))} ${terminal.style('dim', terminal.plain(path, 4096))}`);
    if (section !== '' && summary !== '') terminal.line(terminal.wrap(terminal.plain(summary), '  '));
    terminal.line(terminal.wrap(terminal.block(text, 2000), '    '));
    terminal.line();
}

const hitJson = ({ title, heading: section, kind, summary, path, text }: Hit) => ({
    title,
    section: section === '' ? null : section,
    kind,
    summary,
    path,
    text,
});

function limitOf(given: OptionValues[string]): number {
    if (given === undefined) return 3;
    if (typeof given === 'string' && /^\d{1,3}$/.test(given) && Number(given) >= 1 && Number(given) <= 100)
        return Number(given);
    throw new UsageError(`--limit: “${String(given)}” is not a number from 1 to 100`);
}
