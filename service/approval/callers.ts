import * as z from 'zod';

import type { Connection } from '../dbus/connection.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { isScriptOnTerminal } from './terminal.ts';

/** The identity of a caller; written to the audit log. */
export type Actor = 'shell' | 'terminal';

const bus = {
    destination: 'org.freedesktop.DBus',
    path: '/org/freedesktop/DBus',
    interface: 'org.freedesktop.DBus',
} as const;

/** GetConnectionCredentials, D-Bus specification, "Message Bus Messages". */
const credentialsSchema = z.object({ UnixUserID: z.number(), ProcessID: z.number() });

/**
 * Decides who may approve changes: the process that owns `org.gnome.Shell`, and our own `reeve` on a terminal.
 *
 * This keeps out log text, models, sandboxed applications and stray scripts. It does not keep out a program that runs
 * unconfined as the user: that can drive the Shell or a terminal anyway (docs/security.md).
 */
export class Callers {
    readonly #connection: Connection;
    readonly #script: string;

    /** @param dependencies.script the path of the script of `reeve`, without links */
    constructor(dependencies: { connection: Connection; script: string }) {
        this.#connection = dependencies.connection;
        this.#script = dependencies.script;
    }

    /**
     * @param sender unique bus name of the caller
     * @throws ReeveError NotAuthorized
     */
    async authorise(sender: string): Promise<Actor> {
        if ((await this.#connection.nameOwner('org.gnome.Shell')) === sender) return 'shell';
        if (await this.#isOurCommandOnTerminal(sender)) return 'terminal';
        throw new ReeveError(
            'NotAuthorized',
            _('You can approve changes only in GNOME Shell or with the reeve command in a terminal.'),
        );
    }

    /** As `authorise`, for calls that are open to anybody but name the caller in the audit log. */
    identify(sender: string): Promise<Actor | 'other'> {
        return this.authorise(sender).catch(() => 'other');
    }

    async #isOurCommandOnTerminal(sender: string): Promise<boolean> {
        const [reply] = await this.#connection.call({
            ...bus,
            member: 'GetConnectionCredentials',
            signature: 's',
            arguments: [sender],
        });
        const credentials = credentialsSchema.safeParse(reply);
        if (!credentials.success || credentials.data.UnixUserID !== process.getuid?.()) return false;
        if (!(await isScriptOnTerminal(credentials.data.ProcessID, this.#script))) return false;
        // If the sender is still connected, the process that was checked is the sender's: the PID of a live process is
        // not reused.
        return (await this.#connection.nameOwner(sender)) === sender;
    }
}
