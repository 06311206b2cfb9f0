import { userInfo } from 'node:os';

import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code, plain } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { readText } from '../../../machine/machine.ts';
import { listed } from '../listed.ts';
import { required, toldTool } from '../tool.ts';

/** UID_MIN and UID_MAX of login.defs(5) where nobody changed them: people rather than services. */
const [firstPerson, lastPerson] = [1000, 60_000];

const shown = 20;

/** Whose members may become root, by the sudoers and polkit rules of Debian (sudo) and of Fedora, Arch and openSUSE (wheel). */
const administrators = /^(?:sudo|wheel)$/;

export const users = toldTool({
    name: 'users',
    description: 'People with an account on this computer, and their groups, such as who may administer it.',
    parameters: z.object({}),
    asked: {
        phrases: {
            en: [
                '(which|what) user accounts (exist|are there)',
                'who (can|may) use sudo',
                'who has (admin|administrator|root) rights',
                'is [the|my] account {name} locked',
                '(which|what) (users|accounts|people) (are there|exist|are) [on] [this] [computer|machine]',
                'who has [an] account [here|on [this] computer]',
                'who is [an|the] (administrator|admin|root)',
                'am i [an|in the] (administrator|admin|sudo group|sudoers|wheel group)',
                '(what|which) groups am i in',
                '[list|show] [all] (user accounts|accounts|users)',
                '(can|may) i (use sudo|administer [this] computer)',
            ],
            de: [
                'wer hat (adminrechte|administratorrechte|root rechte)',
                'welche (benutzer|konten|nutzer) gibt es [hier|auf] [diesem] [rechner]',
                'wer hat [ein] konto [hier|auf diesem rechner]',
                'wer ist (administrator|admin)',
                'in welchen gruppen bin ich',
                'bin ich (administrator|admin)',
                '(benutzerkonten|konten)',
            ],
            ar: [
                '(هل انا|من) (مدير|مدير النظام)',
                'ما حسابات المستخدمين',
                '(ما|من) المستخدمون [على هذا الجهاز]',
                'من (هو المدير|المدير|هو المسؤول)',
                'من لديه حساب [هنا|على هذا الجهاز]',
            ],
        },
        example: () => _('Who has an account here?'),
    },
    async find(_values, { machine }, cite) {
        const me = userInfo().username;
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
            .filter(([, , id]) => Number(id) >= firstPerson && Number(id) < lastPerson)
            .map(([login = '', , id = '', , comment = '', , shell = '']) => ({
                login: safeText(login, 64),
                id,
                name: safeText(comment.split(',')[0] ?? '', 100),
                shell: safeText(shell, 100),
                isAsking: login === me,
                groups: groups
                    .filter(([, , , members = '']) => members.split(',').includes(login))
                    .map(([group = '']) => safeText(group, 64)),
            }));
        cite(fact('file', '/etc/passwd', `${people.length} people`));
        return people;
    },
    write(people, out) {
        out.line(`Asked by: ${userInfo().username}`);
        out.list(
            'People',
            people,
            ({ login, id, name, shell, groups }) =>
                safeText(
                    `${login} (${id}${name === '' ? '' : `, ${name}`}), shell ${shell}, groups ${groups.join(', ') || 'none'}`,
                    300,
                ),
            shown,
        );
    },
    *tell(people, format) {
        const count = people.length;
        yield count === 0
            ? `${_('Nobody has an account here but the system’s own users.')}\n`
            : `${ngettext('{count} person has an account here:', '{count} people have an account here:', count, { count })}\n\n`;
        yield* listed(people, shown, format, ({ login, name, groups, isAsking }) => {
            const person = name === '' ? code(login) : _('{name} ({login})', { name: plain(name), login: code(login) });
            if (isAsking) {
                const values = { person, groups: format.list(groups.map(code)) };
                return groups.length === 0
                    ? _('{person}: that is you', values)
                    : _('{person}: that is you, in the groups {groups}', values);
            }
            return groups.some(group => administrators.test(group))
                ? _('{person}, may administer the computer', { person })
                : person;
        });
    },
});
