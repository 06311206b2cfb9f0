import * as z from 'zod';

import { _ } from '../../i18n/i18n.ts';
import { busSource } from './busSource.ts';

const where = { path: '/org/freedesktop/login1', interface: 'org.freedesktop.login1.Manager' };
const about = z.tuple([z.boolean()]);

/** Suspend, resume and shutdown: org.freedesktop.login1(5). Sessions are not told of: every cron job has one. */
export const logind = busSource({
    name: 'logind',
    bus: 'system',
    service: 'org.freedesktop.login1',
    make: () => [
        {
            match: { ...where, member: 'PrepareForSleep' },
            tell: ({ body }) => {
                const [isBefore] = about.parse(body);
                const summary = isBefore ? _('The computer went to sleep') : _('The computer woke up');
                return {
                    kind: 'suspend',
                    event: isBefore ? 'suspend' : 'resume',
                    subject: 'computer',
                    summary,
                    facts: {},
                };
            },
        },
        {
            match: { ...where, member: 'PrepareForShutdown' },
            tell: ({ body }) => {
                const [isBefore] = about.parse(body);
                if (!isBefore) return null;
                const summary = _('The computer is being shut down');
                return { kind: 'boot', event: 'shutdown', subject: 'computer', summary, facts: {} };
            },
        },
    ],
});
