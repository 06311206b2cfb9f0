/** What AccountsService keeps of people who log in: their names, whether they administer the computer, and whether they log in by themselves. */
import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { accountName } from '../../machine/desktop/faillock.ts';
import { readText } from '../../machine/machine.ts';
import { readProperties } from '../../machine/properties.ts';
import type { BusCall, Step } from '../../model/proposal.ts';
import { safeText } from '../../text/sanitise.ts';
import { defineAction, valueCheck } from '../action.ts';
import { shownWord } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

const user = z.string().regex(accountName);
const account = z.strictObject({ user });
/** As chfn(1) and the settings take it: what separates the fields of passwd(5) cannot be in it. */
const realName = z
    .string()
    .max(80)
    .refine(name => name.trim() === name && name !== '' && safeText(name, 80) === name && !/[:,=]/.test(name), {
        error: 'is no name of a person',
    });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

const destination = 'org.freedesktop.Accounts';
const interfaceName = `${destination}.User`;
/** Of org.freedesktop.Accounts.User.xml; its AccountType is 1 for an administrator. */
const properties = z.object({
    RealName: z.string(),
    AccountType: z.number(),
    AutomaticLogin: z.boolean(),
    Locked: z.boolean().catch(false),
    SystemAccount: z.boolean().catch(false),
});
type Account = z.infer<typeof properties> & { uid: number };
const standard = 0;
const administrator = 1;

/** Sets the name that people see of an account. */
export const accountRename = defineAction({
    name: 'account.rename',
    parameters: account.extend({ name: realName }),
    touches: ({ user: of }) => [`account ${of}`],
    wishes: [
        {
            phrases: {
                en: ['(set|change) (real name|full name|display name) of {user} to {verbatim}'],
                de: ['(setze|ändere) (namen|vollen namen|anzeigenamen) von {user} auf {verbatim}'],
                ar: ['(غير|اضبط) (اسم|اسم كامل) {user} إلى {verbatim}'],
            },
            parameters: ({ user: of, verbatim: name }) => {
                const { data } = account.extend({ name: realName }).safeParse({ user: of, name });
                return data === undefined ? [] : [data];
            },
        },
    ],
    async plan({ user: of, name }, asked) {
        const { uid, RealName: before } = await requireAccount(of, asked);
        if (before === name) throw new ReeveError('InvalidState', _('The setting already has this value'));
        const title = _('Call the account {user} {name}', { user: of, name });
        const set = (to: string, description: string) => accountStep(uid, 'SetRealName', 's', to, description);
        return {
            title,
            steps: [set(name, title)],
            risk: 'low',
            riskText: _('Only the name that people see changes. {user} still logs in as before.', { user: of }),
            undo: realName.safeParse(before).success
                ? { text: _('Sets it back'), steps: [set(before, _('Use the earlier name again'))] }
                : null,
            authentication: true,
            preconditions: { [`name of ${of}`]: before },
        };
    },
    async verify({ user: of, name }, asked) {
        return valueCheck((await requireAccount(of, asked)).RealName === name);
    },
});

/** Makes an account one of an administrator, or a standard one. One administrator stays. */
export const accountKind = defineAction({
    name: 'account.kind',
    parameters: account.extend({ isAdministrator: z.boolean() }),
    touches: ({ user: of }) => [`account ${of}`],
    wishes: [
        {
            phrases: {
                en: ['make {user} [an] (administrator|admin)', 'give {user} (admin|administrator) (rights|privileges)'],
                de: ['(mach|mache) {user} zum (administrator|admin)', 'gib {user} (administratorrechte|adminrechte)'],
                ar: ['اجعل {user} (مديرا|مسؤولا)'],
            },
            parameters: ({ user: of }) => meant(of).map(each => ({ ...each, isAdministrator: true })),
        },
        {
            phrases: {
                en: [
                    'make {user} [a] (standard|normal|regular) (user|account)',
                    '(take|remove) (admin|administrator) (rights|privileges) from {user}',
                ],
                de: [
                    '(mach|mache) {user} zum (standardbenutzer|normalen benutzer)',
                    '(entziehe|nimm) {user} (administratorrechte|adminrechte)',
                ],
                ar: ['اجعل {user} مستخدما عاديا'],
            },
            parameters: ({ user: of }) => meant(of).map(each => ({ ...each, isAdministrator: false })),
        },
    ],
    async plan({ user: of, isAdministrator }, asked) {
        const { uid, AccountType: before } = await requireAccount(of, asked);
        const after = isAdministrator ? administrator : standard;
        if (before === after) throw new ReeveError('InvalidState', _('The setting already has this value'));
        if (!isAdministrator && !(await hasOtherAdministrator(uid, asked)))
            throw new ReeveError('InvalidState', _('{user} is the only administrator, so it stays one', { user: of }));
        const title = isAdministrator
            ? _('Make {user} an administrator', { user: of })
            : _('Make {user} a standard user', { user: of });
        const set = (to: number, description: string) => accountStep(uid, 'SetAccountType', 'i', to, description);
        return {
            title,
            steps: [set(after, title)],
            risk: 'medium',
            riskText: isAdministrator
                ? _('{user} can then change everything on this computer. It counts from the next login on.', {
                      user: of,
                  })
                : _('{user} can then no longer change the system. It counts from the next login on.', { user: of }),
            undo: { text: _('Sets it back'), steps: [set(before, _('Use the earlier type of account again'))] },
            authentication: true,
            preconditions: { [`type of ${of}`]: String(before) },
        };
    },
    async verify({ user: of, isAdministrator }, asked) {
        return valueCheck(
            (await requireAccount(of, asked)).AccountType === (isAdministrator ? administrator : standard),
        );
    },
});

/** Logs an account in when the computer starts, without its password. */
export const accountAutomaticLogin = defineAction({
    name: 'account.automaticLogin',
    parameters: account.extend({ on: z.boolean() }),
    touches: () => ['automatic login'],
    wishes: [
        {
            phrases: {
                en: ['(log|sign) {user} in automatically', '(enable|turn on|use) automatic login (for|of) {user}'],
                de: [
                    '{user} automatisch anmelden',
                    'automatische anmeldung (von|für) {user} (einschalten|aktivieren)',
                    '(aktiviere|schalte) automatische anmeldung (von|für) {user} [ein]',
                ],
                ar: ['(فعل|شغل) دخول تلقائي {user}'],
            },
            parameters: ({ user: of }) => meant(of).map(each => ({ ...each, on: true })),
        },
        {
            phrases: {
                en: [
                    '(do not|dont|no longer|never) (log|sign) {user} in automatically',
                    '(disable|turn off) automatic login (for|of) {user}',
                ],
                de: [
                    '{user} nicht [mehr] automatisch anmelden',
                    'automatische anmeldung (von|für) {user} (ausschalten|deaktivieren)',
                ],
                ar: ['(عطل|اوقف) دخول تلقائي {user}'],
            },
            parameters: ({ user: of }) => meant(of).map(each => ({ ...each, on: false })),
        },
    ],
    async plan({ user: of, on }, asked) {
        const { uid, AutomaticLogin: before } = await requireAccount(of, asked);
        if (before === on)
            throw new ReeveError('InvalidState', on ? _('This is already on') : _('This is already off'));
        // AccountsService keeps one account, and undo could not bring back another.
        if (on && (await accounts(asked)).some(({ AutomaticLogin }) => AutomaticLogin))
            throw new ReeveError('InvalidState', _('Another account is logged in automatically. Turn that off first.'));
        const title = on
            ? _('Log {user} in automatically', { user: of })
            : _('No longer log {user} in automatically', { user: of });
        const set = (to: boolean, description: string) => accountStep(uid, 'SetAutomaticLogin', 'b', to, description);
        return {
            title,
            steps: [set(on, title)],
            risk: 'medium',
            riskText: on
                ? _('Who starts the computer is in this account without a password. Its keyring stays locked.')
                : _('The password is asked for at the next start. Make sure you know it.'),
            undo: { text: _('Sets it back'), steps: [set(before, _('Set the automatic login back'))] },
            authentication: true,
            preconditions: { [`automatic login of ${of}`]: String(before) },
        };
    },
    async verify({ user: of, on }, asked) {
        return valueCheck((await requireAccount(of, asked)).AutomaticLogin === on);
    },
});

function meant(said: string | undefined): { user: string }[] {
    const { data } = account.safeParse({ user: said });
    return data === undefined ? [] : [data];
}

/** The people of passwd(5) that AccountsService knows. @throws ReeveError InvalidState where it does not run */
async function accounts({ machine, signal }: Asked): Promise<(Account & { user: string })[]> {
    const text = (machine === null ? null : await readText(machine, '/etc/passwd', 262_144)) ?? '';
    const people = text.split('\n').flatMap(line => {
        const [name = '', , uid = ''] = line.split(':');
        return Number(uid) >= 1000 && Number(uid) < 60_000 && user.safeParse(name).success
            ? [{ user: name, uid: Number(uid) }]
            : [];
    });
    const read = await Promise.all(
        people.slice(0, 32).map(async each => {
            const known = await readProperties(machine?.system ?? null, accountObject(each.uid), signal, {
                start: true,
            });
            const { data } = properties.safeParse(known);
            return data === undefined || data.SystemAccount ? [] : [{ ...data, ...each }];
        }),
    );
    return read.flat();
}

/** @throws ReeveError InvalidState when it is no account of a person */
async function requireAccount(of: string, asked: Asked): Promise<Account> {
    const found = (await accounts(asked)).find(each => each.user === of);
    if (found === undefined)
        throw new ReeveError('InvalidState', _('There is no account {user} that AccountsService knows', { user: of }));
    return found;
}

async function hasOtherAdministrator(than: number, asked: Asked): Promise<boolean> {
    return (await accounts(asked)).some(
        ({ uid, AccountType, Locked }) => uid !== than && AccountType === administrator && !Locked,
    );
}

/** As user_get_object_path() of accountsservice makes it of the number of the user. */
export function accountObject(uid: number) {
    return { destination, path: `/org/freedesktop/Accounts/User${uid}`, interface: interfaceName };
}

export function accountStep(
    uid: number,
    member: string,
    signature: 's' | 'i' | 'b',
    value: string | number | boolean,
    description: string,
): Step {
    const call: BusCall = {
        bus: 'system',
        ...accountObject(uid),
        member,
        signature,
        arguments: [value],
    };
    return {
        description,
        command: `busctl call ${destination} ${call.path} ${interfaceName} ${member} ${signature} ${shownWord(String(value))}`,
        call,
    };
}
