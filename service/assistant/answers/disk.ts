import { lstat } from 'node:fs/promises';
import { homedir } from 'node:os';

import { ReeveError } from '../../util/errors.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { fact } from '../../machine/evidence.ts';
import { readFilesystemOf, readFilesystems, readSpace, usedShare } from '../../machine/storage/filesystems.ts';
import type { Filesystem } from '../../machine/storage/filesystems.ts';
import { isFailing, readDrives } from '../../machine/storage/drives.ts';
import type { Drive } from '../../machine/storage/drives.ts';
import { udisks } from '../../machine/storage/smart.ts';
import { measureFolders } from '../../machine/storage/folders.ts';
import type { FolderSize } from '../../machine/storage/folders.ts';
import { isAbsence } from '../../machine/machine.ts';
import { readablePath } from '../../machine/readablePath.ts';
import { safeText } from '../../text/sanitise.ts';
import type { Answer, Question } from '../answer.ts';
import { code, item, plain } from '../markup.ts';
import { barsOf } from './figures.ts';
import { mentions } from '../understanding.ts';

const foldersShown = 6;
/** Smaller folders do not deserve a line. */
const worthALine = 1_000_000;
/** For each place that is walked: enough for a home folder, and short enough to wait for. */
const walkLimits = { entries: 300_000, milliseconds: 8000 };
/** A filesystem is reported as full when this share of its space, or of its inodes, is used. */
const nearlyAll = 0.9;

/** Filesystems. */
const mostDrawn = 4;

export const disk: Answer = {
    id: 'disk',
    phrases: {
        en: [
            'how much (disk space|space|storage) is (free|left)',
            'free storage',
            'size of {path}',
            '[why] is (my|the|a|any|which) [hard] (disk|storage) [almost|nearly] full',
            '[the|my] [hard] disk [is] [almost|nearly] full',
            '(what|which folder|which program) (is using|uses|takes|is filling) [up] [all] [the|my] (disk space|disk|storage|space)',
            'how (much|many) [free|disk] (space|storage|room|inodes) [is|are|do i] [left|free|available|have]',
            'how much [free] [disk] space (is left|is free) on (my disk|my drive|{path})',
            '[free|disk] (space|storage) [left|usage]',
            '[free] space (on|in) (my disk|the disk|{path})',
            '[hard] disk usage [of my home folder|of my drive]',
            '(which|what) (folders|files|directories) (are|is|take) [the] (largest|biggest|most space)',
            '[show] [me] [the] (largest|biggest) (folders|files|directories) [in {path}]',
            'am i [running] out of (space|disk space|inodes|storage)',
            '(no|not enough|i need more) [disk] space [left] [on device]',
            'why do i have no space left',
            'where did all my [disk] space go',
            'where is all my storage going',
            '[how healthy] is my (disk|drive) (healthy|ok|dying|failing|worn|broken)',
            'how (healthy|worn) is my (disk|drive)',
            'how full is (my disk|my drive|the disk|{path})',
            'how (big|large) is (my home folder|{path})',
            '(what|who) uses {path}',
            'is {path} full',
            '{path} is full',
            'what is big in {path}',
            '[how much] space [is left] on {path}',
            'df h',
            'is there [free|enough|any] space [left] [on {path}|for updates]',
            'is [my] usb (drive|disk) (full|healthy)',
            'how do i free up [disk] space',
            'what does smart say',
            '(is|does) the disk at {path} (healthy|have errors)',
            'what is in {path}',
            'how much space does the trash take',
            'is the disk slow at startup',
        ],
        de: [
            'ist [der] speicherplatz voll',
            'wie viel plattenplatz ist [noch] frei',
            '(was|wer) (belegt|verbraucht) [den|meinen] speicher',
            '[warum] ist [meine|die] (festplatte|platte) [fast] voll',
            'wie viel (platz|speicherplatz) (habe ich|ist) [noch] [frei]',
            'wie voll (ist|sind) [meine|die] festplatte',
            'wie voll ist {path}',
            'wie viele inodes sind [noch] frei',
            '(was|wer) (belegt|frisst|verbraucht) [den|meinen] (plattenplatz|speicherplatz|platz)',
            'wo ist [der|mein] [ganze] (platz|speicherplatz) [geblieben|hin]',
            'welche (ordner|dateien|verzeichnisse) sind [am] (größten|groß)',
            '(was|wer) belegt {path}',
            'ist (meine|die) festplatte (kaputt|gesund|defekt|in ordnung)',
            'geht (meine|die) festplatte kaputt',
            'was sagt smart',
            'was ist in {path}',
            'wie groß ist {path}',
            '[die] größten (ordner|dateien|verzeichnisse) [in {path}]',
        ],
        ar: [
            'كم حجم القرص',
            'ما الذي ياخذ اكبر مساحة',
            'ما حجم {path}',
            '[لماذا|هل] القرص (ممتلئ|ممتلئا)',
            'كم [هي] المساحة (المتبقية|الحرة|المتاحة) [على القرص|في {path}]',
            'كم مساحة القرص الحرة',
            'ما الذي (يستهلك|يشغل|يملا) [مساحة] القرص',
            'ما [هي] اكبر المجلدات [في {path}]',
            'هل القرص [الصلب] سليم',
        ],
    },
    examples: () => [_('What is using disk space?'), _('How much disk space is free?')],
    async *answer(question) {
        const { path } = question.understanding;
        const asksForHealth = mentions(question.understanding, 'failure', 'broken', 'healthy');
        // A device is no place in a filesystem, and the health of a disk does not depend on a place.
        if (path !== null && !asksForHealth && !/^\/(?:dev|proc)(?:\/|$)/.test(path)) {
            yield* describePlace(question, path);
            return;
        }
        const read = await readFilesystems(question.machine);
        if (read === null) {
            yield `${_('The list of mounted filesystems (/proc/self/mountinfo) cannot be read.')}\n`;
            return;
        }
        if (asksForHealth) yield* describeDrives(question);
        // Those in memory are listed only when they are short.
        const inMemory = (await readSpace(question.machine)).filter(
            filesystem => !read.filesystems.some(({ path }) => path === filesystem.path) && isNearlyFull(filesystem),
        );
        yield* describeFilesystems(question, [...read.filesystems, ...inMemory]);
        const drawn = read.filesystems.slice(0, mostDrawn).map(filesystem => ({
            label: safeText(filesystem.path, 60),
            share: usedShare(filesystem),
            text: _('{share} of {size}', {
                share: question.format.percent(usedShare(filesystem)),
                size: question.format.size(filesystem.size),
            }),
        }));
        if (drawn.length > 0) question.draw(barsOf(_('In use'), drawn));
        if (read.remote.length > 0) {
            const paths = read.remote.map(({ path }) => code(safeText(path, 256)));
            yield `\n${_('Skipped, because a server that is unreachable would not answer: {paths}', {
                paths: question.format.list(paths),
            })}\n`;
        }
        const asksOnlyForSpace =
            (asksForHealth || mentions(question.understanding, 'free')) &&
            !mentions(question.understanding, 'usage', 'large', 'folder', 'why');
        if (asksOnlyForSpace) question.suggest(_('What is using disk space?'));
        else for (const place of new Set([homedir(), '/var'])) yield* describeFolder(question, place);
    },
};

/** The free space at a path that the question names, and its largest contents. */
async function* describePlace(question: Question, given: string): AsyncGenerator<string, void> {
    const { machine, format } = question;
    let place: string;
    try {
        place = await readablePath(machine, given);
    } catch (error) {
        if (!(error instanceof ReeveError)) throw error;
        const path = code(safeText(given, 256));
        yield error.code === 'NotAuthorized'
            ? `${_('{path} holds secrets, so I do not look inside.', { path })}\n`
            : `${_('{path} does not exist or cannot be read.', { path })}\n`;
        return;
    }
    const size = await sizeOfFile(place);
    if (size !== null)
        yield `${_('{path} takes {size}.', { path: code(safeText(place, 256)), size: format.size(size) })}\n`;
    const filesystem = await readFilesystemOf(machine, place);
    if (filesystem === null) {
        yield `${_('I cannot tell how full the filesystem with {path} is.', { path: code(safeText(place, 256)) })}\n`;
    } else {
        question.cite(filesystem.evidence);
        const values = {
            path: code(safeText(place, 256)),
            filesystem: code(filesystem.path),
            share: format.percent(usedShare(filesystem)),
            available: format.size(filesystem.available),
        };
        yield filesystem.path === place
            ? `${_('{path} is {share} full and has {available} free.', values)}\n`
            : `${_('{path} is on the filesystem {filesystem}, which is {share} full and has {available} free.', values)}\n`;
    }
    if (size === null) yield* describeFolder(question, place);
}

/** In bytes on the disk; null for what is no file, or gone. */
async function sizeOfFile(path: string): Promise<number | null> {
    try {
        const status = await lstat(path);
        return status.isDirectory() ? null : status.blocks * 512;
    } catch (error) {
        if (isAbsence(error)) return null;
        throw error;
    }
}

/** The health that each drive reports, the worst first. */
async function* describeDrives(question: Question): AsyncGenerator<string, void> {
    const found = await readDrives(question.machine, question.signal);
    if (found === null) {
        yield `${_('The health of the drives is not known, because UDisks is not running.')}\n\n`;
        return;
    }
    if (found.length === 0) yield `${_('UDisks knows of no drive that reports its health.')}\n`;
    const failing = found.filter(isFailing);
    for (const drive of [...failing, ...found.filter(drive => !isFailing(drive))]) {
        const { path, ata, nvme } = drive;
        question.cite(fact('system', `${udisks} ${path}`, JSON.stringify(ata ?? nvme ?? 'no SMART')));
        yield item(healthOf(question, drive));
    }
    if (failing.length > 0) yield `\n${_('Back up your important data to another disk now.')}\n`;
    yield '\n';
}

/** SmartCriticalWarning of org.freedesktop.UDisks2.NVMe.Controller: all but “temperature”, which passes. */
const nvmeWarnings: Record<string, () => string> = {
    spare: () => _('it has almost no spare blocks left'),
    temperature: () => _('it is too hot or too cold'),
    degraded: () => _('it makes errors and is no longer reliable'),
    readonly: () => _('it can no longer be written to'),
    volatile_mem: () => _('its protection against power loss has failed'),
    pmr_readonly: () => _('its persistent memory is no longer reliable'),
};

function healthOf({ format }: Question, { name, ata, nvme }: Drive): string {
    const drive = plain(name);
    if (ata?.SmartSupported === true && ata.SmartEnabled && ata.SmartUpdated > 0) {
        if (ata.SmartFailing) return _('{drive} predicts that it will fail soon (SMART).', { drive });
        // Attributes below their threshold now; SmartFailing leaves out those that predict no failure.
        const attributes = ata.SmartNumAttributesFailing;
        if (attributes > 0)
            return ngettext(
                '{drive} predicts no failure, but {number} of its values is worse than allowed (SMART).',
                '{drive} predicts no failure, but {number} of its values are worse than allowed (SMART).',
                attributes,
                { drive, number: format.number(attributes) },
            );
        const sectors = ata.SmartNumBadSectors;
        if (sectors <= 0) return _('{drive} reports that it is healthy (SMART).', { drive });
        return ngettext(
            '{drive} predicts no failure, but {number} sector of it is bad (SMART).',
            '{drive} predicts no failure, but {number} sectors of it are bad (SMART).',
            sectors,
            { drive, number: format.number(sectors) },
        );
    }
    if (nvme !== null && nvme.SmartUpdated > 0) {
        const texts = nvme.SmartCriticalWarning.map(
            warning => nvmeWarnings[warning]?.() ?? code(safeText(warning, 32)),
        );
        const warnings = format.list(texts);
        return warnings === ''
            ? _('{drive} reports that it is healthy (SMART).', { drive })
            : _('{drive} reports warnings (SMART): {warnings}', { drive, warnings });
    }
    return _('{drive} does not report its health.', { drive });
}

/** Each that is short of space or inodes first, then all of them. */
export function* describeFilesystems(
    question: Pick<Question, 'format' | 'cite'>,
    filesystems: readonly Filesystem[],
): Generator<string, void> {
    const { format } = question;
    const [fullest] = filesystems;
    if (fullest === undefined) {
        yield `${_('No filesystem on a disk is visible here.')}\n`;
        return;
    }
    const nearlyFull = filesystems.filter(isNearlyFull);
    for (const filesystem of nearlyFull) yield `${shortage(question, filesystem)}\n\n`;
    if (nearlyFull.length === 0) {
        yield `${_('There is enough space: the fullest filesystem, {path}, is {share} full and has {available} free.', {
            path: code(fullest.path),
            share: format.percent(usedShare(fullest)),
            available: format.size(fullest.available),
        })}\n\n`;
    }
    for (const filesystem of filesystems) {
        question.cite(filesystem.evidence);
        const line = _('{path}: {available} free of {size}', {
            path: code(filesystem.path),
            available: format.size(filesystem.available),
            size: format.size(filesystem.size),
        });
        const readOnly = filesystem.readOnly ? `, ${_('read-only')}` : '';
        const inodes =
            filesystem.inodesUsed !== null && filesystem.inodesUsed >= nearlyAll
                ? `, ${_('{share} of its inodes are used: it contains too many files', { share: format.percent(filesystem.inodesUsed) })}`
                : '';
        yield item(line + readOnly + inodes);
    }
}

const isNearlyFull = ({ used, available, inodesUsed }: Filesystem) =>
    usedShare({ used, available }) >= nearlyAll || (inodesUsed ?? 0) >= nearlyAll;

function shortage({ format }: Pick<Question, 'format'>, { path, used, available, inodesUsed }: Filesystem): string {
    const share = usedShare({ used, available });
    return share >= nearlyAll
        ? _('{path} is nearly full: {share} used, {available} free.', {
              path: code(path),
              share: format.percent(share),
              available: format.size(available),
          })
        : _('{path} has hardly any room for more files: {share} of its inodes are used.', {
              path: code(path),
              share: format.percent(inodesUsed ?? 0),
          });
}

/** The largest folders in it, and the largest files where the question speaks of files or names the place. */
async function* describeFolder(question: Question, place: string): AsyncGenerator<string, void> {
    const { format, signal } = question;
    yield `\n${_('The largest folders in {path}:', { path: code(safeText(place, 256)) })}\n`;
    const measured = await measureFolders(place, walkLimits, signal);
    const worth = (sizes: readonly FolderSize[]) =>
        sizes.slice(0, foldersShown).filter(({ size }) => size >= worthALine);
    const line = ({ path, size }: FolderSize) =>
        item(_('{path}: {size}', { path: code(safeText(path, 256)), size: format.size(size) }));
    const named = worth(measured.folders);
    const files = mentions(question.understanding, 'folder') ? worth(measured.files) : [];
    question.cite(
        fact(
            'system',
            `lstat ${place}`,
            `${measured.entries} entries looked at; ${[...named, ...files].map(({ path, size }) => `${path} ${size} B`).join('; ')}`,
        ),
    );
    for (const folder of named) yield line(folder);
    if (named.length === 0) yield item(_('No folder in it is larger than {size}.', { size: format.size(worthALine) }));
    if (!measured.complete) {
        yield item(
            ngettext(
                'Stopped after {number} file. The rest was not counted.',
                'Stopped after {number} files. The rest was not counted.',
                measured.entries,
                { number: format.number(measured.entries) },
            ),
        );
    }
    if (measured.unreadable > 0) {
        yield item(
            ngettext(
                '{count} folder cannot be read and is not counted.',
                '{count} folders cannot be read and are not counted.',
                measured.unreadable,
            ),
        );
    }
    if (files.length === 0) return;
    yield `\n${_('The largest files in {path}:', { path: code(safeText(place, 256)) })}\n`;
    for (const file of files) yield line(file);
}
