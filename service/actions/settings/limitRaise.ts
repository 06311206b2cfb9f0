import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Step } from '../../model/proposal.ts';
import { difference } from '../../timeline/difference.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction } from '../action.ts';
import { writeStep } from '../files/fileStep.ts';
import { programStep } from '../programStep.ts';

/**
 * The limits of inotify(7) that programs reach, and how far raising them is harmless: a watch takes about a kilobyte.
 */
const limits = { max_user_watches: 1_048_576, max_user_instances: 1024 } as const;
/** Of a file in sysctl.d(5): owned by root and readable for everyone. */
const permissions = '0:0 0644';
const parameters = z.strictObject({ limit: z.enum(['max_user_watches', 'max_user_instances']) });

/** Lets programs watch more files, now and after the next start; sysctl(8), sysctl.d(5). */
export const limitRaise = defineAction({
    name: 'limits.raise',
    parameters,
    wishes: [
        {
            phrases: {
                en: [
                    '(raise|increase) [limit of] (file watches|watched files|inotify watches|inotify limit)',
                    'let programs watch more files',
                ],
                de: [
                    '(erhöhe|hebe) [grenze für|grenze der] (dateiüberwachung|überwachte dateien|überwachten dateien) [an]',
                    'mehr dateien überwachen lassen',
                ],
                ar: ['(ارفع|زد) حد (مراقبة ملفات|ملفات مراقبة)'],
            },
            parameters: () => [{ limit: 'max_user_watches' }] as const,
        },
    ],
    async plan({ limit }, { machine, contents }) {
        const key = `fs.inotify.${limit}`;
        const known = machine === null ? null : await readText(machine, `/proc/sys/fs/inotify/${limit}`, 64);
        const now = Number(known?.trim() || NaN);
        if (!(now < limits[limit])) throw new ReeveError('InvalidState', _('{key} is already high enough', { key }));
        const wanted = Math.min(limits[limit], now * 4);
        const path = `/etc/sysctl.d/90-reeve-${limit.replaceAll('_', '-')}.conf`;
        if (machine !== null && (await readText(machine, path, 64)) !== null)
            throw new ReeveError('InvalidState', _('{path} already exists', { path }));
        const bytes = Buffer.from(`# Raised by Reeve; it was ${now}.\n${key} = ${wanted}\n`);
        await contents.put(bytes);
        const set = (value: number): Step => ({
            description: _('Set {key} to {value}', { key, value }),
            ...programStep('system', ['sysctl', '--write', `${key}=${value}`]),
        });
        return {
            title: _('Let programs watch more files'),
            steps: [
                set(wanted),
                {
                    description: _('Keep the new limit after a restart'),
                    diff: await difference(null, bytes),
                    ...writeStep('system', path, { from: null, to: bytes, permissions }, contents),
                },
            ],
            risk: 'low',
            riskText: _('Each watched file uses about one kilobyte of memory.'),
            undo: {
                text: _('Sets {key} back to {value}', { key, value: now }),
                steps: [
                    {
                        description: _('Remove {path}', { path }),
                        diff: await difference(bytes, null),
                        ...writeStep('system', path, { from: bytes, to: null, permissions }, contents),
                        undoes: 1,
                    },
                    set(now),
                ],
            },
            authentication: true,
            preconditions: { [key]: String(now) },
        };
    },
});
