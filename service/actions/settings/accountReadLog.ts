import { userInfo } from 'node:os';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { accountName } from '../../machine/desktop/faillock.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

/**
 * The groups that may read the system's journal, the one that permits least first; systemd-journald.service(8), "Access Control".
 * Members of wheel may become root, so nobody is made one for this.
 */
const groups = ['systemd-journal', 'adm'] as const;
const parameters = z.strictObject({ user: z.string().regex(accountName), group: z.enum(groups) });

type Asked = Pick<Surroundings, 'machine'>;

/** Lets an account read what the whole system logs; gpasswd(1). */
export const accountReadLog = defineAction({
    name: 'account.readLog',
    parameters,
    touches: ({ user, group }) => [`group ${group} of ${user}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(let|allow) (me|reeve) [to] (read|see) [the] (system log|system logs|log of the system|system journal|logs|journal)',
                    'give (me|reeve) access to [the] (system log|system logs|log of the system|system journal|logs|journal)',
                ],
                de: [
                    '(lass|lasse) (mich|reeve) (systemprotokoll|systemlog|journal|protokoll des systems) lesen',
                    'erlaube (mir|reeve) (systemprotokoll|systemlog|journal|protokoll des systems) [zu] lesen',
                    '(gib|gebe) (mir|reeve) zugriff auf (systemprotokoll|systemlog|journal|protokoll des systems)',
                ],
                ar: ['(دعني|اسمح لي|اسمح لريف) [ب] (اقرأ|قراءة|بقراءة) (سجل النظام|السجل|سجلات النظام)'],
            },
            parameters: async (_said, asked) => {
                const { username: user } = userInfo();
                if (!accountName.test(user)) return [];
                const known = await membersOfGroups(asked);
                const group = groups.find(name => known.has(name));
                return group === undefined ? [] : [{ user, group }];
            },
        },
    ],
    async plan({ user, group }, asked) {
        const members = (await membersOfGroups(asked)).get(group);
        if (members === undefined)
            throw new ReeveError('InvalidState', _('There is no group {group} on this computer', { group }));
        if (members.includes(user))
            throw new ReeveError(
                'InvalidState',
                _('{user} is already in the group {group}. It takes effect at the next log-in.', { user, group }),
            );
        return {
            title: _('Let {user} read the system log', { user }),
            explanation: _(
                'Reeve reads the log as you, so it sees only what you may see. It takes effect when you have logged out and in again.',
            ),
            steps: [
                {
                    description: _('Add {user} to the group {group}', { user, group }),
                    ...programStep('system', ['gpasswd', '--add', user, group]),
                },
            ],
            risk: 'medium',
            riskText: _('All programs of {user} can then read what the system and other users log.', { user }),
            undo: {
                text: _('Removes {user} from the group {group}', { user, group }),
                steps: [
                    {
                        description: _('Remove {user} from the group {group}', { user, group }),
                        ...programStep('system', ['gpasswd', '--delete', user, group]),
                    },
                ],
            },
            authentication: true,
            preconditions: { [`${user} in ${group}`]: 'false' },
        };
    },
    async verify({ user, group }, asked) {
        const gone = (await membersOfGroups(asked)).get(group)?.includes(user) === true;
        const detail = gone
            ? _('It takes effect when you have logged out and in again.')
            : _('The setting has another value now');
        return { gone, detail };
    },
});

/** Names of accounts by the groups above that exist; group(5). */
async function membersOfGroups({ machine }: Asked): Promise<ReadonlyMap<string, readonly string[]>> {
    const text = machine === null ? null : await readText(machine, '/etc/group', 1_048_576);
    const lines = (text ?? '').split('\n').map(line => line.split(':'));
    return new Map(
        lines.flatMap(([name = '', , , members = '']) =>
            groups.some(group => group === name) ? [[name, members.split(',')] as const] : [],
        ),
    );
}
