import * as z from 'zod';

import { moment } from '../figures.ts';
import { readSessions } from '../../../machine/desktop/sessions.ts';
import { required, tool } from '../tool.ts';

export const sessions = tool({
    name: 'sessions',
    description: 'Who is logged in now, since when, and from where.',
    parameters: z.object({}),
    async run(_values, { machine, clock, signal }, out) {
        const found = required(await readSessions(machine, signal), 'systemd-logind', 'org.freedesktop.login1');
        out.cite(...found.map(({ evidence }) => evidence));
        out.list('Sessions', found, ({ user, type, remote, remoteHost, since }) => {
            return `${user}: ${type}${remote ? `, from ${remoteHost || 'another computer'}` : ''}, since ${moment(since, clock())}`;
        });
    },
});
