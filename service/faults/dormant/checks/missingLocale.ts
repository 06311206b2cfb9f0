import { _ } from '../../../i18n/i18n.ts';
import { readText } from '../../../machine/machine.ts';
import type { DormantCheck } from '../check.ts';

/** locale.conf(5), and its older name on Debian. */
const files = ['/etc/locale.conf', '/etc/default/locale'];
/** These are part of glibc: setlocale(3). */
const builtIn = /^(?:C|POSIX|C\.utf-?8)$/i;
const localeName = /^[\w.@-]{1,64}$/;

export const missingLocale = {
    kind: 'locale',
    scope: 'system',
    severity: 'medium',
    cause: () =>
        _('At the next log-in, the desktop and its programs fall back to plain English, and some do not start.'),
    advice: () => _('Generate the locale, or choose another language in the settings, under Region & Language.'),
    async find({ machine, signal }) {
        const set = new Map<string, string>();
        for (const path of files)
            for (const line of (await readText(machine, path))?.split('\n') ?? []) {
                const name = /^\s*(?:LANG|LC_\w+)=["']?([^"'#\s]+)/.exec(line)?.[1];
                if (name !== undefined && localeName.test(name) && !builtIn.test(name)) set.set(normalised(name), path);
            }
        if (set.size === 0) return [];
        const printed = await machine.run('locale', ['-a'], { signal });
        if (printed === null) return [];
        const known = new Set(printed.split('\n').map(normalised));
        return [...set]
            .filter(([name]) => !known.has(name))
            .map(([name, path]) => ({
                subject: name,
                title: _('The language {name} is set but not installed', { name }),
                detail: `${path}: ${name}`,
                facts: { missing: name },
            }));
    },
} as const satisfies DormantCheck;

/** glibc writes the same codeset in several ways: “UTF-8” and “utf8”. */
function normalised(name: string): string {
    return name.replace(/\.([^@]*)/, (_whole, codeset: string) => `.${codeset.toLowerCase().replaceAll('-', '')}`);
}
