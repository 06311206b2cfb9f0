import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

import { parse as parseToml, TomlError } from 'smol-toml';

import type { Scope } from '../model/unit.ts';
import { safeText } from '../text/sanitise.ts';
import { fstab, fstabMistakes, hasClosedVolume } from './storage/fstabMistakes.ts';
import { isAbsence, isNoName } from './machine.ts';
import { openPlainFile } from './plainFile.ts';
import type { Run } from './run.ts';
import { messageOf } from '../util/errors.ts';

/** A mistake in a configuration file. */
export type Mistake = {
    /** From 1; null when it is the file as a whole. */
    line: number | null;
    /** In the words of the program that reads it. */
    message: string;
    /** A missing device or file that the next boot would wait for. */
    missing?: string;
    /** The unit that fails because of it, where that depends on the line. */
    unit?: { scope: Scope; name: string };
};

/** Whether a mistake in such a line counts. */
export type IsMeant = (mistake: Mistake, line: string) => boolean;

/**
 * A program that reports mistakes in its configuration, and does nothing else. Its output names the files, and it fails
 * on mistakes that prevent the start: many programs only warn of an obsolete or ignored setting.
 */
type Validator = {
    program: string;
    argv: (path: string) => readonly string[];
    /** A line of its output, with `path`, `line` and `message`. */
    complaint: RegExp;
    /** The only messages that count as mistakes. */
    harmless?: RegExp;
    /** The exit status for a failed start, for a program that also fails on less. */
    verdicts?: (path: string) => readonly string[];
    /** The unit that cannot start with such a mistake. */
    unit: (path: string) => { scope: Scope; name: string } | null;
};

const place = String.raw`(?<path>\/[^\n:]{1,1024})`;
const systemUnit = (name: string) => ({ scope: 'system' as const, name });

/**
 * By the place of the file; the first match counts. Checkers that need root, such as visudo(8), cannot run here. "nginx
 * -t" is left out: it resolves the named hosts, and opens its logs and its ports.
 */
const validators: readonly (Validator & { files: RegExp })[] = [
    {
        // -G of sshd(8), since 9.3, needs no keys as -t does; process_server_config_line_depth() of its servconf.c.
        files: /^\/etc\/ssh\/sshd_config(?:\.d\/[^/]+\.conf)?$/,
        program: 'sshd',
        argv: () => ['-G', '-f', '/etc/ssh/sshd_config'],
        complaint: new RegExp(`^${place}:? line (?<line>\\d{1,9}): (?<message>.+)$`, 'gm'),
        harmless: /^(?:Deprecated|Unsupported) option /,
        unit: () => systemUnit(existsSync('/usr/lib/systemd/system/ssh.service') ? 'ssh.service' : 'sshd.service'),
    },
    {
        // cfg_parser_error() of lib/isccfg/parser.c.
        files: /^\/etc\/(?:bind|named)\/|^\/etc\/named\.conf$/,
        program: 'named-checkconf',
        argv: () => [],
        complaint: new RegExp(`^${place}:(?<line>\\d{1,9}): (?<message>.+)$`, 'gm'),
        // No word before it distinguishes a warning from an error: setup_logging() of bin/check/check-tool.c.
        harmless: /\b(?:obsolete|deprecated|experimental|ignored|recommended|not implemented)\b/,
        unit: () => systemUnit('named.service'),
    },
    {
        // sudoerserrorf() of plugins/sudoers/gram.y.
        files: /^\/etc\/sudoers(?:\.d\/[^/]+)?$/,
        program: 'visudo',
        argv: path => ['--check', '--file', path],
        complaint: new RegExp(`^${place}:(?<line>\\d{1,9}):\\d{1,9}: (?<message>.+)$`, 'gm'),
        unit: () => null,
    },
    {
        // config_parse() of src/shared/conf-parser.c, "PATH:LINE: MESSAGE", and bus_unit_validate_load_state() of src/core/unit.c.
        files: /\/systemd\/(?:system|user)\/[^/]+\.(?:service|socket|timer|path|mount|automount|swap|target|slice)$/,
        program: 'systemd-analyze',
        argv: path => [
            path.startsWith('/etc/systemd/system/') ? '--system' : '--user',
            'verify',
            '--man=no',
            '--recursive-errors=no',
            path,
        ],
        complaint: new RegExp(`^${place}:(?<line>\\d{1,9}): (?<message>.+)$`, 'gm'),
        harmless: /^Unknown (?:key|section|lvalue)|^Unit uses |\b(?:obsolete|deprecated|legacy)\b/,
        verdicts: path => [
            `Unit ${basename(path)} has a bad unit file setting`,
            `Unit ${basename(path)} failed to load properly`,
        ],
        unit: path => ({ scope: path.startsWith('/etc/systemd/system/') ? 'system' : 'user', name: basename(path) }),
    },
    {
        files: /\/(?:autostart|applications)\/[^/]+\.desktop$/,
        program: 'desktop-file-validate',
        argv: path => ['--no-hints', '--no-warn-deprecated', path],
        // Of validate.c's findings, only those that prevent the start. GLib accepts commands that validate.c rejects.
        complaint: new RegExp(
            `^${place}: error: (?<message>(?:file contains line|first group|required key "(?:Type|Name|Exec)"|value ".*" for key "Type").+)$`,
            'gm',
        ),
        unit: () => null,
    },
];

/** Nobody writes more of these by hand. */
const textLimit = 262_144;
const patience = 10_000;
/** Bytes; sshd -G prints all settings before. */
const outputLimit = 65_536;
/** Absolute, so that none passes for an option. */
const plainPath = /^\/[^\n\0]{1,1024}$/;

function validatorOf(path: string): Validator | undefined {
    return plainPath.test(path) ? validators.find(({ files }) => files.test(path)) : undefined;
}

/** Whether any checker would find a mistake in such a file. */
export function canBeChecked(path: string): boolean {
    return hasValidator(path) || formatOf(path) !== undefined;
}

/** Whether the program that reads the file checks it, and not only its syntax is checked. */
export function hasValidator(path: string): boolean {
    return path === fstab || validatorOf(path) !== undefined;
}

/** The unit that reads the file and cannot start with a mistake in it; null when unknown. */
export function readerOf(path: string): { scope: Scope; name: string } | null {
    return validatorOf(path)?.unit(path) ?? null;
}

/**
 * The first mistake in a file as it is now; null when there is none, or nothing here can check it. Only findings in
 * fstab are filtered for those that count.
 *
 * Throws `Unavailable` for a program that takes too long, and the reason of `signal`.
 */
export async function findMistake(
    run: Run,
    path: string,
    signal: AbortSignal,
    isMeant: IsMeant = () => true,
): Promise<Mistake | null> {
    const validator = validatorOf(path);
    if (validator !== undefined) return await ask(validator, run, path, signal);
    if (path === fstab) return await findFstabMistake(run, signal, isMeant);
    const text = await read(path);
    return text === null ? null : mistakeInText(path, text);
}

/** Checks the syntax of a text, by the name of its file: JSON, TOML, or groups of keys and values. */
export function mistakeInText(path: string, text: string): Mistake | null {
    return formatOf(path)?.(text) ?? null;
}

async function ask(
    { program, argv, complaint, harmless, verdicts }: Validator,
    run: Run,
    path: string,
    signal: AbortSignal,
): Promise<Mistake | null> {
    const options = { signal, timeout: patience, limit: outputLimit, onlyFailing: true };
    const paths = [`/usr/sbin/${program}`, `/usr/bin/${program}`];
    // A user's PATH has no /usr/sbin on some systems.
    const output = await run(paths.find(file => existsSync(file)) ?? program, argv(path), options);
    // The check may have failed only because this user lacks access.
    if (output === null || /permission denied/i.test(output)) return null;
    if (verdicts?.(path).some(verdict => output.includes(verdict)) === false) return null;
    const real = await realPathOf(path);
    for (const { groups } of output.matchAll(complaint)) {
        const { path: named = '', line, message = '' } = groups ?? {};
        if (harmless?.test(message) === true) continue;
        if (named !== path && (await realPathOf(named)) !== real) continue;
        return { line: line === undefined ? null : Number(line), message: safeText(message.trim(), 512) };
    }
    return null;
}

/** Most of findmnt's findings hurt nobody; neither its messages nor its exit status single out those that do. */
export async function findFstabMistake(
    run: Run,
    signal: AbortSignal,
    isMeant: IsMeant,
    { table = fstab, crypttab = '/etc/crypttab' } = {},
): Promise<Mistake | null> {
    const text = await read(table);
    const options = { signal, timeout: patience, limit: outputLimit, complaints: true };
    const output = await run('findmnt', ['--verify', '--tab-file', table], options);
    if (text === null || output === null) return null;
    // If only root may read crypttab, a closed volume may exist.
    const volumes = existsSync(crypttab) ? await read(crypttab) : '';
    const isAnyClosed = volumes === null || hasClosedVolume(volumes, name => existsSync(`/dev/mapper/${name}`));
    for (const { line, text: written, message, missing, unit } of fstabMistakes(text, output, isAnyClosed)) {
        const mistake = {
            line,
            message,
            ...(missing !== null && { missing }),
            ...(unit !== null && { unit: systemUnit(unit) }),
        };
        if (isMeant(mistake, written)) return mistake;
    }
    return null;
}

async function realPathOf(path: string): Promise<string> {
    try {
        return await realpath(path);
    } catch (error) {
        // A program may print anything where the file name is expected.
        if (isNoName(error) || isAbsence(error)) return path;
        throw error;
    }
}

async function read(path: string): Promise<string | null> {
    try {
        await using file = await openPlainFile(path);
        if (file === null || (await file.stat()).size > textLimit) return null;
        return await file.readFile('utf8');
    } catch (error) {
        if (isAbsence(error) || (error as NodeJS.ErrnoException).code === 'ELOOP') return null;
        throw error;
    }
}

type Format = (text: string) => Mistake | null;

function formatOf(path: string): Format | undefined {
    const name = basename(path);
    if (name.endsWith('.json')) return checkJson;
    if (name.endsWith('.toml')) return checkToml;
    // Other programs write more into such files than GLib and systemd read.
    const isOfGLib = /\.desktop$|^mimeapps\.list$/.test(name) || /\/gtk-[34]\.0\/settings\.ini$/.test(path);
    const isOfSystemd = name.endsWith('.conf') && /\/systemd(?:\/[\w.-]+\.conf\.d)?$/.test(dirname(path));
    return isOfGLib || isOfSystemd ? checkKeyFile : undefined;
}

function checkJson(text: string): Mistake | null {
    try {
        JSON.parse(text);
        return null;
    } catch (error) {
        const message = safeText(messageOf(error), 512);
        const [, position = text.length] = /at position (\d{1,9})/.exec(message) ?? [];
        // Some editors read comments as well.
        if (['//', '/*'].includes(text.slice(Number(position), Number(position) + 2))) return null;
        const [, line] = /\(line (\d{1,9}) column/.exec(message) ?? [];
        return { line: line === undefined ? null : Number(line), message };
    }
}

function checkToml(text: string): Mistake | null {
    try {
        parseToml(text);
        return null;
    } catch (error) {
        if (!(error instanceof TomlError)) throw error;
        return { line: error.line, message: safeText(error.message.split('\n', 1)[0] ?? '', 512) };
    }
}

/** As in the Desktop Entry Specification, GLib's key files and systemd.syntax(7), of which each has a little more. */
function checkKeyFile(text: string): Mistake | null {
    let isContinued = false;
    let hasGroup = false;
    for (const [index, line] of text.split('\n').entries()) {
        const trimmed = line.trim();
        if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
        const isEntry = hasGroup && hasKey(trimmed);
        const isGroup = /^\[[^[\]]+\]$/.test(trimmed);
        if (!isContinued && !isEntry && !isGroup) return { line: index + 1, message: safeText(trimmed, 200) };
        hasGroup ||= isGroup;
        isContinued = trimmed.endsWith('\\');
    }
    return null;
}

/** Whether a line begins with a key, which may have a language in brackets, and an equals sign. */
function hasKey(line: string): boolean {
    const key = line.slice(0, Math.max(line.indexOf('='), 0)).trimEnd();
    const language = key.indexOf('[');
    const name = language > 0 && key.endsWith(']') ? key.slice(0, language) : key;
    return name !== '' && !name.includes('[') && !name.includes(']');
}
