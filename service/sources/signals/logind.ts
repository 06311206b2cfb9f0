import * as z from 'zod';

import type { Connection, Signal } from '../../dbus/connection.ts';
import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { locks } from '../../machine/hardware/inhibitors.ts';
import { busSource, propertyRule, readProperty } from './busSource.ts';
import type { ChangeDraft } from './busSource.ts';

const path = '/org/freedesktop/login1';
const managerInterface = 'org.freedesktop.login1.Manager';
const sessionInterface = 'org.freedesktop.login1.Session';
const where = { path, interface: managerInterface };
const about = z.tuple([z.boolean()]);
/** SessionNew and SessionRemoved: id, path. */
const session = z.tuple([z.string().max(256), z.string()]);
/** The second is new in systemd 257; GNOME's session holds its lock in that mode. */
const manager = z.object({ BlockInhibited: z.string().optional(), BlockWeakInhibited: z.string().optional() });
/** The locks that concern everybody; those on keys and the lid are the desktop's own, and always there. */
const matters = ['sleep', 'shutdown'];
const sessionsLimit = 200;

/**
 * Suspend, resume, shutdown, what prevents them, and who logs in: org.freedesktop.login1(5). Only sessions of people count:
 * each cron job and each lock screen has one, too.
 */
export const logind = busSource({
    name: 'logind',
    bus: 'system',
    service: 'org.freedesktop.login1',
    make: () => {
        const sessions = new Map<string, string>();
        let inhibited = '';
        const blocked: z.infer<typeof manager> = {};
        return [
            {
                match: { ...where, member: 'PrepareForSleep' },
                toChange: ({ body }) => {
                    const [isBefore] = about.parse(body);
                    const summary = isBefore ? _('The computer was suspended') : _('The computer woke up');
                    const event = isBefore ? 'suspend' : 'resume';
                    return { kind: 'suspend', event, subject: 'computer', summary, facts: {} };
                },
            },
            {
                match: { ...where, member: 'PrepareForShutdown' },
                toChange: ({ body }) => {
                    const [isBefore] = about.parse(body);
                    if (!isBefore) return null;
                    const summary = _('The computer is being shut down');
                    return { kind: 'boot', event: 'shutdown', subject: 'computer', summary, facts: {} };
                },
            },
            {
                match: { ...where, member: 'SessionNew' },
                toChange: async (signal, connection) => {
                    const [id, object] = session.parse(signal.body);
                    const of = { ...signal, path: object };
                    const read = async (name: string) =>
                        safeText(await readProperty(connection, of, sessionInterface, name), 128);
                    let user, host;
                    try {
                        if ((await read('Class')) !== 'user') return null;
                        [user, host] = [await read('Name'), await read('RemoteHost')];
                    } catch {
                        // A session that is over before it can be queried was nobody's login.
                        return null;
                    }
                    if (sessions.size > sessionsLimit) sessions.clear();
                    sessions.set(id, user);
                    const summary =
                        host === ''
                            ? _('{user} logged in', { user })
                            : _('{user} logged in from {host}', { user, host });
                    const facts = { user, ...(host !== '' && { host }) };
                    return { kind: 'session', event: 'login', subject: user, summary, facts };
                },
            },
            {
                match: { ...where, member: 'SessionRemoved' },
                toChange: ({ body }) => {
                    const [id] = session.parse(body);
                    const user = sessions.get(id);
                    if (user === undefined) return null;
                    sessions.delete(id);
                    const summary = _('{user} logged out', { user });
                    return { kind: 'session', event: 'logout', subject: user, summary, facts: { user } };
                },
            },
            propertyRule(where, async (values, signal, connection) => {
                Object.assign(blocked, manager.parse(values));
                const all = Object.values(blocked).flatMap(what => what?.split(':') ?? []);
                const before = inhibited;
                inhibited = matters.filter(what => all.includes(what)).join(' ');
                return inhibited === before ? null : await inhibitedChange(inhibited, signal, connection);
            }),
        ];
    },
});

/** @param what "sleep", "shutdown", both or nothing */
async function inhibitedChange(what: string, signal: Signal, connection: Connection): Promise<ChangeDraft> {
    const toChange = (event: string, summary: string, facts: Record<string, string>): ChangeDraft => {
        return { kind: 'suspend', event, subject: 'computer', summary, facts };
    };
    if (what === '') return toChange('allowed', _('Nothing prevents sleep and shutdown any more'), {});
    const [held] = locks().parse(
        await connection.call({
            destination: signal.sender,
            path,
            interface: managerInterface,
            member: 'ListInhibitors',
            autoStart: false,
            timeout: 5000,
        }),
    );
    const holder = held.find(lock => lock.blocks && lock.what.some(one => what.split(' ').includes(one)));
    const { who = '', why = '' } = holder ?? {};
    const summary = what.includes('sleep')
        ? _('{program} keeps the computer awake', { program: who || _('A program') })
        : _('{program} prevents the computer from shutting down', { program: who || _('A program') });
    return toChange('inhibited', summary, { what, who, why });
}
