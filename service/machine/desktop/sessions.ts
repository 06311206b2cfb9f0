import * as z from 'zod';

import type { Evidence } from '../../model/incident.ts';
import { safeText } from '../../text/sanitise.ts';
import { fact } from '../evidence.ts';
import type { Machine } from '../machine.ts';
import { askMethod, readProperties } from '../properties.ts';

export type Session = {
    user: string;
    /** "x11", "wayland", "tty", "mir", "web" or "unspecified". */
    type: string;
    remote: boolean;
    remoteHost: string;
    /** Microseconds since the Unix epoch. */
    since: number;
    evidence: Evidence;
};

const logind = 'org.freedesktop.login1';
const managerObject = { destination: logind, path: '/org/freedesktop/login1', interface: `${logind}.Manager` };
const sessionList = z.tuple([z.array(z.tuple([z.string(), z.number(), z.string(), z.string(), z.string()]))]);
const sessionProperties = z.object({
    Name: z.string(),
    Class: z.string(),
    Type: z.string(),
    State: z.string(),
    Remote: z.boolean(),
    RemoteHost: z.string(),
    Timestamp: z.number(),
});

/**
 * People's sessions as org.freedesktop.login1(5) lists them, oldest first; null where there is no logind. Sessions of service
 * managers, greeters and lock screens are left out.
 */
export async function readSessions({ system }: Machine, signal: AbortSignal): Promise<Session[] | null> {
    const { data: listed } = sessionList.safeParse(await askMethod(system, managerObject, 'ListSessions', signal));
    if (listed === undefined) return null;
    const sessions: Session[] = [];
    for (const [id, , , , path] of listed[0]) {
        const object = { destination: logind, path, interface: `${logind}.Session` };
        const { data: session } = sessionProperties.safeParse(await readProperties(system, object, signal));
        if (session?.Class !== 'user' || session.State === 'closing') continue;
        sessions.push({
            user: safeText(session.Name, 64),
            type: session.Type,
            remote: session.Remote,
            remoteHost: safeText(session.RemoteHost, 256),
            since: session.Timestamp,
            evidence: fact('system', `${logind} session ${id}`, JSON.stringify(session)),
        });
    }
    return sessions.sort((a, b) => a.since - b.since);
}
