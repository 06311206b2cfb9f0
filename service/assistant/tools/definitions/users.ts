import { userInfo } from 'node:os';

import * as z from 'zod';

import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readText } from '../../../machine/machine.ts';
import { required, tool } from '../tool.ts';

/** UID_MIN and UID_MAX of login.defs(5) where nobody changed them: people rather than services. */
const [firstPerson, lastPerson] = [1000, 60_000];

export const users = tool({
    name: 'users',
    description: 'People with an account on this computer, and their groups, such as who may administer it.',
    parameters: z.object({}),
    async run(_values, { machine }, out) {
        const accounts = required(
            await readText(machine, '/etc/passwd', 1_048_576),
            'The list of users',
            '/etc/passwd',
        );
        const groups = ((await readText(machine, '/etc/group', 1_048_576)) ?? '')
            .split('\n')
            .map(line => line.split(':'));
        const people = accounts
            .split('\n')
            .map(line => line.split(':'))
            .filter(([, , id]) => Number(id) >= firstPerson && Number(id) < lastPerson);
        out.cite(fact('file', '/etc/passwd', `${people.length} people`));
        out.line(`Asked by: ${userInfo().username}`);
        out.list(
            'People',
            people,
            ([login = '', , id = '', , comment = '', , shell = '']) => {
                const own = groups
                    .filter(([, , , members = '']) => members.split(',').includes(login))
                    .map(([group]) => group);
                const name = comment.split(',')[0] ?? '';
                return safeText(
                    `${login} (${id}${name === '' ? '' : `, ${name}`}), shell ${shell}, groups ${own.join(', ') || 'none'}`,
                    300,
                );
            },
            20,
        );
    },
});
