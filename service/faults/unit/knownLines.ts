import { _ } from '../../i18n/i18n.ts';
import type { Port } from '../../machine/network/portHolder.ts';

/** What a program's last words say about why it stopped. */
export type KnownCause = {
    /** One sentence for people. */
    text: string;
    /** What must happen before another start can help, as a sentence; empty when another try may simply work. */
    first: string;
    /** Whether another start is certain to fail the same way. */
    repeats: boolean;
};

type KnownLine = { pattern: RegExp; cause: (match: RegExpExecArray) => KnownCause };

const addressInUse: KnownLine = {
    pattern: /address already in use|\bEADDRINUSE\b|port (\d+) is already (?:in use|allocated)/i,
    cause: ({ input, 1: named }) => {
        const port = named ?? portIn(input);
        return {
            text: port === undefined ? anyPortTaken() : portTaken(port),
            first: _('End the other program first, or give one of the two another port.'),
            repeats: false,
        };
    },
};

/** The messages of errno(3) as strerror(3) gives them in English, the names that runtimes print, and common wordings. */
const knownLines: readonly KnownLine[] = [
    addressInUse,
    {
        pattern: /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b/i,
        cause: () => ({
            text: _('The disk that it writes to is full.'),
            first: _('Free some space first.'),
            repeats: true,
        }),
    },
    {
        pattern: /read-only file system|\bEROFS\b/i,
        cause: () => ({
            text: _('It cannot write, because the disk or folder is read-only.'),
            first: _('Make it writable first.'),
            repeats: true,
        }),
    },
    {
        pattern: /permission denied|\bEACCES\b|operation not permitted|\bEPERM\b/i,
        cause: () => ({
            text: _('It is not allowed to use something that it needs.'),
            first: _('Correct the permissions first.'),
            repeats: false,
        }),
    },
    {
        pattern: /cannot allocate memory|out of memory|\bENOMEM\b|std::bad_alloc/i,
        cause: () => ({ text: _('It did not get the memory that it requested.'), first: '', repeats: false }),
    },
    {
        pattern: /too many open files|\bEMFILE\b|\bENFILE\b/i,
        cause: () => ({ text: _('It had too many files open.'), first: '', repeats: false }),
    },
    {
        pattern: /connection refused|\bECONNREFUSED\b/i,
        cause: () => ({
            text: _('Something that it connects to does not respond.'),
            first: '',
            repeats: false,
        }),
    },
    {
        pattern:
            /temporary failure in name resolution|name or service not known|could not resolve host|\bEAI_AGAIN\b|\bENOTFOUND\b/i,
        cause: () => ({
            text: _('It could not resolve the name of a computer on the network.'),
            first: '',
            repeats: false,
        }),
    },
    {
        // g_error() of gio/gsettings.c and gio/gsettingsschema.c in GLib.
        pattern: /Settings schema '([\w.-]{1,200})' (?:is not installed|does not contain a key named)/,
        cause: ({ 1: schema }) => ({
            text: _('Its settings schema ({schema}) is missing or has a different version.', {
                schema: schema ?? '',
            }),
            first: _('Install or repair the package that provides it first.'),
            repeats: true,
        }),
    },
    {
        pattern: /error while loading shared libraries: ([^\s:]+)/i,
        cause: ({ 1: library }) => ({
            text: _('A library that its program needs is missing or broken: {library}', { library: library ?? '' }),
            first: _('Install or repair the package that provides it first.'),
            repeats: true,
        }),
    },
    {
        pattern:
            /syntax error|parse error|(?:bad|invalid|unknown|unrecognized|unsupported) (?:configuration|config|option|directive|setting|keyword|parameter)|configuration (?:file )?(?:is )?(?:invalid|error|test failed)|(?:cannot|could not|can't|failed to|unable to) (?:open|load|read|parse|find) (?:the )?(?:\S+ )?config/i,
        cause: () => ({
            text: _('Its configuration is missing or contains an error.'),
            first: _('Correct the configuration first.'),
            repeats: false,
        }),
    },
    {
        pattern: /no such file or directory|\bENOENT\b|file not found/i,
        cause: () => ({
            text: _('A file or folder that it needs is missing.'),
            first: _('Restore what is missing first.'),
            repeats: false,
        }),
    },
];

function anyPortTaken(): string {
    return _('Another program already uses the network port that it needs.');
}

function portTaken(port: string): string {
    return _('Another program already uses network port {port}, which it needs.', { port });
}

/** The cause, with the name of what has the port: where it says that another program has it, or before it. */
export function nameHolder(cause: string, { number }: Port, name: string): string {
    const port = String(number);
    const named = _('It needs network port {port}, which {name} already uses.', { name, port });
    const unnamed = [portTaken(port), anyPortTaken()].find(text => cause.includes(text));
    if (unnamed !== undefined) return cause.replace(unnamed, () => named);
    return [named, cause].filter(text => text !== '').join(' ');
}

/** The port that a program found in use; null when its message does not tell. Only TCP listens, see listen(2). */
export function takenPort(message: string): Port | null {
    const { pattern } = addressInUse;
    const match = pattern.exec(message);
    const port = match === null ? undefined : (match[1] ?? portIn(message));
    if (port === undefined) return null;
    const protocol = /\budp/i.test(message) ? 'udp' : /\btcp|\blisten/i.test(message) ? 'tcp' : undefined;
    return { number: Number(port), ...(protocol !== undefined && { protocol }) };
}

/**
 * The port of an address such as 0.0.0.0:80, [::]:80, *:80 or :80, or what is called one; not the time of day, nor a line of a
 * source file.
 */
function portIn(line: string): string | undefined {
    const withoutTimes = line.replaceAll(/\d{1,2}:\d{2}:\d{2}/g, '');
    const ofAddress = /(?:^|localhost|[\s\]*\d:]):([1-9]\d{1,4})(?!\d)/.exec(withoutTimes)?.[1];
    return ofAddress ?? /\bport[ =:]{1,2}([1-9]\d{0,4})(?!\d)/i.exec(line)?.[1];
}

const hasPlace = (line: string) => /\bline \d+\b/i.test(line);
const pathIn = (line: string) => /\/[^\s:;,"'“”]+/.exec(line)?.[0];

/** How far back from its end a program's output is searched for the reason. */
const lastLines = 5;

/**
 * Recognises the reason in the last lines of a program, the latest line first. If another line gives the same reason for the
 * same file, and also the place in it, that line is used: sshd counts “1 bad configuration options” after it has named the
 * option and its line.
 *
 * @param lines oldest first
 * @returns null when none of them is well known
 */
export function recognise(lines: readonly string[]): (KnownCause & { line: string }) | null {
    const recent = lines.slice(-lastLines).toReversed();
    for (const last of recent) {
        for (const { pattern, cause } of knownLines) {
            if (!pattern.test(last)) continue;
            const path = hasPlace(last) ? undefined : pathIn(last);
            const isPlaced = (other: string) => hasPlace(other) && pathIn(other) === path && pattern.test(other);
            const line = path === undefined ? last : (recent.find(isPlaced) ?? last);
            const match = pattern.exec(line);
            if (match !== null) return { ...cause(match), line };
        }
    }
    return null;
}
