import * as z from 'zod';

import type { Connection } from '../dbus/connection.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import { fileIdentity, processIdentity, scriptOf } from './processIdentity.ts';

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
    readonly #commandLine: { node: string; script: string };

    /** @param dependencies.commandLine paths of the Node that `reeve` runs under and of its script */
    constructor(dependencies: { connection: Connection; commandLine: { node: string; script: string } }) {
        this.#connection = dependencies.connection;
        this.#commandLine = dependencies.commandLine;
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
        const identity = await processIdentity(credentials.data.ProcessID);
        if (identity === null || identity.terminal === 0) return false;
        const script = scriptOf(identity);
        if (script === null) return false;
        const ours = await Promise.all([fileIdentity(this.#commandLine.node), fileIdentity(this.#commandLine.script)]);
        if (identity.executable !== ours[0] || (await fileIdentity(script).catch(() => null)) !== ours[1]) return false;
        // If the sender is still connected, the process that was checked is the sender's: the PID of a live process is
        // not reused.
        return (await this.#connection.nameOwner(sender)) === sender;
    }
}
