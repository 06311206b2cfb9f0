// Offers Reeve to a user of a computer on which a package has installed it, and turns it on if the user wants that. Nobody is asked
// twice: a unit starts this at each log-in until it has asked (packaging/units.ts). With --again, for the entry in the list of
// applications, it asks users who have not turned Reeve on, and shows all others the preferences.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import * as z from 'zod';

import { Connection } from '../service/dbus/connection.ts';
import { variant } from '../service/dbus/variant.ts';
import { _ } from '../service/i18n/i18n.ts';
import { useLocale } from '../service/i18n/locale.ts';
import { stateDirectory } from '../service/util/directories.ts';
import { writeAtomically } from '../service/util/durableFiles.ts';
import { messageOf } from '../service/util/errors.ts';
import { log } from '../service/util/log.ts';
import { enableExtension, isDecided } from './extensionSettings.ts';
import { desktopId, extensionUuid as uuid, offeredMark } from './manifest.ts';
import { Session } from './session.ts';

/** Who has not answered by then has said no. Milliseconds. */
const patience = 15 * 60_000;

const notifications = {
    destination: 'org.freedesktop.Notifications',
    path: '/org/freedesktop/Notifications',
    interface: 'org.freedesktop.Notifications',
};

useLocale(join(import.meta.dirname, 'locale'));
try {
    await using connection = await Connection.open('session');
    await using session = await Session.open();
    await offer(connection, session, process.argv.includes('--again'));
} catch (error) {
    log('error', 'Cannot offer Reeve', { reason: messageOf(error) });
    process.exitCode = 1;
}

async function offer(connection: Connection, session: Session, isAskedFor: boolean): Promise<void> {
    const isOn = await session.isExtensionOn(uuid);
    if (isAskedFor && isOn) {
        await session.showPreferences(uuid);
        return;
    }
    // The Shell of the log-in screen is nobody's, and where there is none, there is nothing to turn on.
    const mode = await untilShellAnswers(session);
    if (mode === null || mode === 'gdm' || mode === 'initial-setup') return;
    const isNew = isAskedFor || !(await isDecided(session, uuid));
    if (isNew && (await ask(connection))) {
        const problem = await enableExtension(session, uuid);
        if (problem !== null) await notify(connection, problem);
        else if ((await session.shellKnows(uuid)) !== true)
            await notify(
                connection,
                _('Log out and log in again: GNOME Shell finds new extensions only when it starts.'),
            );
    }
    await writeAtomically(join(stateDirectory(), offeredMark), '');
}

/** A session need not wait for its Shell before it says that it is graphical. @returns its mode; null when none comes within a minute */
async function untilShellAnswers(session: Session): Promise<string | null> {
    for (let second = 0; second < 60; second += 1) {
        const mode = await session.shellMode();
        if (mode !== null) return mode;
        await pause(1000);
    }
    return null;
}

/** Whether the user wants it. */
async function ask(connection: Connection): Promise<boolean> {
    const answer = Promise.withResolvers<string>();
    let id: unknown = null;
    const about = { sender: notifications.destination, interface: notifications.interface };
    await using stack = new AsyncDisposableStack();
    stack.use(
        await connection.subscribe({ ...about, member: 'ActionInvoked' }, ({ body: [of, action] }) => {
            if (of === id) answer.resolve(String(action));
        }),
    );
    stack.use(
        await connection.subscribe({ ...about, member: 'NotificationClosed' }, ({ body: [of] }) => {
            if (of === id) answer.resolve('');
        }),
    );
    id = await notify(
        connection,
        _(
            'It says what goes wrong on this computer and why, and shows what would fix it. Nothing leaves this computer.',
        ),
        ['turn-on', _('Turn on'), 'not-now', _('Not now')],
    );
    const timer = setTimeout(answer.resolve, patience, '');
    const action = await answer.promise;
    clearTimeout(timer);
    return action === 'turn-on';
}

/** @returns the number of the notification */
async function notify(connection: Connection, text: string, actions: readonly string[] = []): Promise<number> {
    const [id] = z.tuple([z.number()]).parse(
        await connection.call({
            ...notifications,
            member: 'Notify',
            signature: 'susssasa{sv}i',
            arguments: [
                'Reeve',
                0,
                desktopId,
                _('Reeve is installed'),
                text,
                actions,
                { 'desktop-entry': variant('s', desktopId) },
                -1,
            ],
        }),
    );
    return id;
}
