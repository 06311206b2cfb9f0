import { _ } from '../../../i18n/i18n.ts';
import { readText } from '../../../machine/machine.ts';
import { safeText } from '../../../text/sanitise.ts';
import type { DormantCheck } from '../check.ts';

const path = '/etc/nsswitch.conf';

/**
 * What nsswitch.conf(5) needs for a log-in: the users and groups of this computer's own files, and a way to find host names.
 * A database that has no line uses glibc's default, which is fine.
 */
const needed: ReadonlyMap<string, RegExp> = new Map([
    ['passwd', /^(?:files|compat|altfiles)$/],
    ['group', /^(?:files|compat|altfiles)$/],
    ['hosts', /^(?:files|dns|resolve|mdns\w*)$/],
]);

export const nameServices = {
    kind: 'name-services',
    scope: 'system',
    severity: 'critical',
    cause: () => _('Users or host names can no longer be found: the next log-in, or sudo, fails.'),
    advice: () => _('Restore the previous line while you are still logged in.'),
    async find({ machine }) {
        const text = await readText(machine, path);
        for (const line of text?.split('\n') ?? []) {
            const [, database = '', services = ''] = /^\s*(\w+):([^#]*)/.exec(line) ?? [];
            const wanted = needed.get(database);
            // Actions such as [NOTFOUND=return] are no services.
            const named = services.replace(/\[[^\]]*\]/g, ' ').split(/\s+/);
            if (wanted === undefined || named.some(service => wanted.test(service))) continue;
            const title = _('{path} no longer says where {database} is looked up', { path, database });
            return [{ subject: path, title, detail: `${path}: ${safeText(line.trim(), 256)}` }];
        }
        return [];
    },
} as const satisfies DormantCheck;
