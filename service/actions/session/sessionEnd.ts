import { userInfo } from 'node:os';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { BusCall } from '../../model/proposal.ts';
import { readSessions } from '../../machine/desktop/sessions.ts';
import { locks } from '../../machine/hardware/inhibitors.ts';
import type { Machine } from '../../machine/machine.ts';
import { askMethod } from '../../machine/properties.ts';
import { defineAction } from '../action.ts';
import type { Phrases } from '../wish.ts';

const kinds = ['lock', 'suspend', 'restart', 'shutdown', 'log-out'] as const;
type Kind = (typeof kinds)[number];
type Asked = z.infer<typeof parameters>;
/** `anyway`: also while somebody else is logged in or a program asks to wait. */
const parameters = z.strictObject({ kind: z.enum(kinds), anyway: z.literal(true).optional() });

const login = {
    destination: 'org.freedesktop.login1',
    path: '/org/freedesktop/login1',
    interface: 'org.freedesktop.login1.Manager',
};

const session = (member: string, signature = '', ...values: BusCall['arguments']): BusCall => ({
    bus: 'session',
    destination: 'org.gnome.SessionManager',
    path: '/org/gnome/SessionManager',
    interface: 'org.gnome.SessionManager',
    member,
    signature,
    arguments: values,
});

/** The desktop's own calls: the session manager asks applications to save, and shows its dialog with a minute to change one's mind. */
const calls: Record<Kind, BusCall> = {
    lock: {
        bus: 'session',
        destination: 'org.gnome.ScreenSaver',
        path: '/org/gnome/ScreenSaver',
        interface: 'org.gnome.ScreenSaver',
        member: 'Lock',
        signature: '',
        arguments: [],
    },
    suspend: {
        bus: 'system',
        ...login,
        member: 'Suspend',
        signature: 'b',
        arguments: [true],
    },
    restart: session('Reboot'),
    shutdown: session('Shutdown'),
    'log-out': session('Logout', 'u', 0),
};

const commands: Record<Kind, string> = {
    lock: 'loginctl lock-session',
    suspend: 'systemctl suspend',
    restart: 'gnome-session-quit --reboot',
    shutdown: 'gnome-session-quit --power-off',
    'log-out': 'gnome-session-quit --logout',
};

const phrases: Record<Kind, Phrases> = {
    lock: {
        en: ['lock [screen|computer|session|desktop|pc]'],
        de: [
            '(sperre|sperren) [sie] [bildschirm|rechner|computer|sitzung]',
            '[bildschirm|rechner|computer|sitzung] sperren',
        ],
        ar: ['(اقفل|قفل) (شاشة|حاسوب|جهاز)'],
    },
    suspend: {
        en: ['(suspend|sleep) [computer|laptop|pc]', '(put|send) (computer|laptop|pc) to sleep', 'go to sleep'],
        de: ['(rechner|computer|laptop) (schlafen legen|in bereitschaft|ruhen lassen)', 'bereitschaft', 'geh schlafen'],
        ar: ['(علق|تعليق|نوم) (حاسوب|جهاز)'],
    },
    restart: {
        en: ['(restart|reboot) [computer|laptop|pc|machine|system]'],
        de: ['[starte] (rechner|computer|laptop|system) neu [starten]', '(neustart|neu starten|neustarten)'],
        ar: ['(اعد تشغيل|إعادة تشغيل) (حاسوب|جهاز|نظام)'],
    },
    shutdown: {
        en: [
            '(shut down|shutdown|power off) [computer|laptop|pc|machine]',
            '(turn off|switch off) (computer|laptop|pc|machine)',
            '(turn|switch) (computer|laptop|pc|machine) off',
        ],
        de: [
            '(fahre|schalte) (rechner|computer|laptop) (herunter|aus)',
            '[rechner|computer|laptop] (herunterfahren|ausschalten)',
        ],
        ar: ['(اطفئ|إيقاف تشغيل|أغلق) (حاسوب|جهاز)'],
    },
    'log-out': {
        en: ['(log|sign) [me] out', '(logout|end session)'],
        de: ['(melde mich ab|abmelden|mich abmelden|sitzung beenden)'],
        ar: ['(سجل خروج|تسجيل خروج)'],
    },
};

/** Locks, suspends, restarts or shuts down, or logs out, as the menu of the desktop does. */
export const sessionEnd = defineAction({
    name: 'session.end',
    parameters,
    wishes: kinds.flatMap(kind => [
        { phrases: phrases[kind], parameters: (): Asked[] => [{ kind }] },
        { phrases: anyway(phrases[kind]), parameters: (): Asked[] => [{ kind, anyway: true }] },
    ]),
    async plan({ kind, anyway: isForced = false }, { machine, signal }) {
        const { bus, destination } = calls[kind];
        const connection = bus === 'session' ? machine?.session : machine?.system;
        const owner = (await connection?.nameOwner(destination)) ?? null;
        // The system bus starts what it is asked for.
        if (owner === null && bus === 'session')
            throw new ReeveError('InvalidState', _('This desktop cannot be asked to do that'));
        if (machine !== null && !isForced) await requireNobodyHarmed(kind, machine, signal);
        const title = titleOf(kind);
        return {
            title,
            steps: [{ description: title, command: commands[kind], call: calls[kind] }],
            risk: kind === 'lock' || kind === 'suspend' ? 'low' : 'medium',
            riskText: isForced
                ? _('Others who are logged in, and programs that asked to wait, are interrupted.')
                : riskTextOf(kind),
            undo: null,
            authentication: false,
            preconditions: {},
        };
    },
});

/** "Restart anyway". */
function anyway({ en, de, ar }: Phrases): Phrases {
    return {
        en: en.map(phrase => `${phrase} (anyway|regardless|now anyway)`),
        de: de.map(phrase => `${phrase} trotzdem`),
        ar: ar.map(phrase => `${phrase} (على أي حال|رغم ذلك)`),
    };
}

/**
 * The session manager asks about the applications of this session alone.
 *
 * @throws ReeveError InvalidState while somebody else is logged in, or a program blocks it (systemd-inhibit(1))
 */
async function requireNobodyHarmed(kind: Kind, machine: Machine, signal: AbortSignal): Promise<void> {
    if (kind === 'lock' || kind === 'log-out') return;
    if (kind !== 'suspend') {
        const others = ((await readSessions(machine, signal)) ?? []).filter(({ user }) => user !== userInfo().username);
        const [other] = others;
        if (other !== undefined)
            throw new ReeveError(
                'InvalidState',
                _('{user} is also logged in. To do it all the same, add “anyway”', { user: other.user }),
            );
    }
    const { data } = locks().safeParse(await askMethod(machine.system, login, 'ListInhibitors', signal));
    const what = kind === 'suspend' ? 'sleep' : 'shutdown';
    const lock = data?.[0].find(each => each.blocks && each.what.includes(what));
    if (lock !== undefined)
        throw new ReeveError(
            'InvalidState',
            _('{program} asks to wait: {reason}. To do it all the same, add “anyway”', {
                program: lock.who,
                reason: lock.why,
            }),
        );
}

function titleOf(kind: Kind): string {
    switch (kind) {
        case 'lock':
            return _('Lock the screen');
        case 'suspend':
            return _('Suspend the computer');
        case 'restart':
            return _('Restart the computer');
        case 'shutdown':
            return _('Turn the computer off');
        case 'log-out':
            return _('Log out');
    }
}

function riskTextOf(kind: Kind): string {
    return kind === 'lock' || kind === 'suspend'
        ? _('Programs stay open.')
        : _('Programs are closed. The desktop asks once more, and names those with unsaved work.');
}
