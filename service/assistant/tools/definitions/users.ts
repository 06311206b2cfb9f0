import { userInfo } from 'node:os';

import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
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
    asked: {
        phrases: {
            en: [
                '(which|what) (users|accounts|people) (are there|exist|are) [on] [this] [computer|machine]',
                'who has [an] account [here|on [this] computer]',
                'who is [an|the] (administrator|admin|root)',
                'am i [an|in the] (administrator|admin|sudo group|sudoers|wheel group)',
                '(what|which) groups am i in',
                '[list|show] [all] (user accounts|accounts|users)',
                '(can|may) i (use sudo|administer [this] computer)',
            ],
            de: [
                'welche (benutzer|konten|nutzer) gibt es [hier|auf] [diesem] [rechner]',
                'wer hat [ein] konto [hier|auf diesem rechner]',
                'wer ist (administrator|admin)',
                'in welchen gruppen bin ich',
                'bin ich (administrator|admin)',
                '(benutzerkonten|konten)',
            ],
            ar: [
                '(ما|من) المستخدمون [على هذا الجهاز]',
                'من (هو المدير|المدير|هو المسؤول)',
                'من لديه حساب [هنا|على هذا الجهاز]',
            ],
        },
        example: () => _('Who has an account here?'),
    },
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
