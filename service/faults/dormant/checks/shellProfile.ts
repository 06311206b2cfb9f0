import { join } from 'node:path';

import { _ } from '../../../i18n/i18n.ts';
import { listNames, readText } from '../../../machine/machine.ts';
import { safeText } from '../../../text/sanitise.ts';
import type { DormantCheck, DormantFault, Place } from '../check.ts';

const filesLimit = 64;

/** The session reads these before the desktop starts, so one that ends or cannot be read ends the log-in: bash(1), sh(1). */
export const shellProfile = {
    kind: 'profile',
    scope: 'user',
    severity: 'high',
    cause: () =>
        _('It is read at log-in, before the desktop starts: the next log-in may lead back to the log-in screen.'),
    advice: () => _('Correct the line while you are still logged in, or restore the previous version of the file.'),
    async find(place) {
        const { machine, home } = place;
        const ofSystem = (await listNames(machine, '/etc/profile.d')).filter(name => name.endsWith('.sh')).sort();
        const paths = [
            ...['.profile', '.bash_profile', '.bash_login', '.xprofile', '.xsessionrc'].map(name => join(home, name)),
            '/etc/profile',
            ...ofSystem.slice(0, filesLimit).map(name => join('/etc/profile.d', name)),
        ];
        const found: DormantFault[] = [];
        for (const path of paths) {
            const text = await readText(machine, path);
            if (text === null) continue;
            const line = exitLine(text);
            const fault = line === null ? await syntaxError(place, path) : exits(path, line, text);
            if (fault !== null) found.push(fault);
        }
        return found;
    },
} as const satisfies DormantCheck;

function exits(path: string, line: number, text: string): DormantFault {
    const title = _('{path} ends the log-in in line {line}', { path, line });
    return { subject: path, title, detail: `${path}:${line}: ${safeText(text.split('\n')[line - 1] ?? '', 256)}` };
}

/** The first line, from 1, that always ends the shell: an exit or exec that no condition, loop or function contains. */
function exitLine(text: string): number | null {
    let depth = 0;
    let end: string | null = null;
    for (const [index, line] of text.split('\n').entries()) {
        if (end !== null) {
            if (line.trim() === end) end = null;
            continue;
        }
        // The pattern of a case, “linux)”, closes nothing.
        const code = line.replace(/(?:^|\s)#.*$/, '').replace(/^(\s*)\(?[^()]*\)/, depth > 0 ? '$1' : '$&');
        if (depth === 0 && /^\s*exit(?:\s+\d+)?\s*;?\s*$/.test(code)) return index + 1;
        end = /(?:^|[^<(\d])<<-?\s*["']?([A-Za-z_]\w*)["']?/.exec(code)?.[1] ?? null;
        const opened = code.match(/(?:^|[\s;&|])(?:if|case|for|while|until|select)(?=\s)|[{(]/g)?.length ?? 0;
        const closed = code.match(/(?:^|[\s;])(?:fi|esac|done)(?=$|[\s;)|&])|[})]/g)?.length ?? 0;
        depth = Math.max(0, depth + opened - closed);
    }
    return null;
}

/** Only parsed, never run: -n of bash(1). */
async function syntaxError({ machine, signal }: Place, path: string): Promise<DormantFault | null> {
    const printed = await machine.run('bash', ['-n', '--', join(machine.root, path)], { signal, onlyFailing: true });
    const [message = ''] = printed?.split('\n') ?? [];
    if (message === '') return null;
    const title = _('{path} cannot be understood by the shell', { path });
    return { subject: path, title, detail: safeText(message, 512) };
}
