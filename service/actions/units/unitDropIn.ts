import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBytes } from '../../machine/machine.ts';
import type { Scope } from '../../model/unit.ts';
import type { UndoStep } from '../../model/proposal.ts';
import { defineAction } from '../action.ts';
import { isEssential } from '../essential.ts';
import { editSteps } from '../files/editedFile.ts';
import { ownPermissions } from '../files/fileStep.ts';
import { createFolderStep } from '../files/folderStep.ts';
import { heldFile } from '../files/heldFile.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { reloadStep, requireUnit, unitParameters } from './unitPlan.ts';
import { unitsMeant } from './unitWish.ts';

/** Longer than any that Reeve writes. */
const limit = 65_536;
const seconds = /^(?:0|[1-9]\d{0,4})$/;
/** No less than any service needs. */
const size = /^(?:(?:1[6-9]|[2-9]\d|[1-9]\d{2,4})M|[1-9]\d{0,4}[GT]|[1-9]\d?%|infinity)$/;

/** The settings that Reeve writes, each with its section and its values; systemd.service(5), systemd.exec(5), systemd.resource-control(5). */
const reviewed = {
    Restart: ['Service', /^(?:no|on-success|on-failure|on-abnormal|always)$/],
    RestartSec: ['Service', seconds],
    TimeoutStartSec: ['Service', seconds],
    TimeoutStopSec: ['Service', seconds],
    MemoryHigh: ['Service', size],
    MemoryMax: ['Service', size],
    CPUQuota: ['Service', /^[1-9]\d{0,3}%$/],
    TasksMax: ['Service', /^(?:1[6-9]|[2-9]\d|[1-9]\d{2,6}|infinity)$/],
    Nice: ['Service', /^(?:0|[1-9]|1\d)$/],
    // No quotes, specifiers, spaces or line breaks, which mean something there, and no name that changes which code is loaded.
    Environment: [
        'Service',
        /^(?!(?:LD_|PATH=|NODE_OPTIONS=|PYTHON|PERL|BASH_ENV=|ENV=))[A-Z_][A-Z0-9_]{0,63}=[\w./:,@+-]{0,256}$/,
    ],
} as const satisfies Record<string, readonly [section: string, value: RegExp]>;
type Key = keyof typeof reviewed;
const keys = Object.keys(reviewed) as [Key, ...Key[]];

const parameters = z
    .strictObject({ ...unitParameters.shape, key: z.enum(keys), value: z.string().max(400) })
    .refine(({ key, value }) => reviewed[key][1].test(value), { path: ['value'], error: 'is no value of this setting' })
    .refine(({ unit }) => /^[\w:.@-]+\.service$/.test(unit), { path: ['unit'], error: 'is no service' })
    // Many variables name files that a program loads, and root would run what is in them.
    .refine(({ scope, key }) => scope === 'user' || key !== 'Environment', {
        path: ['key'],
        error: 'may not be set for a service of the system',
    });
type Wanted = z.infer<typeof parameters>;
type Asked = Surroundings & { signal: AbortSignal };

/** Sets one setting of a service by a file beside its own, which an update leaves alone: systemd.unit(5), drop-ins. */
export const unitDropIn = defineAction({
    name: 'dropin.set',
    parameters,
    touches: ({ unit, key }) => [`${unit} ${key}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(set|change) {key} of [service] {unit} to {value}',
                    '(set|change) {key} to {value} (for|in|of) [service] {unit}',
                ],
                de: [
                    '(setze|ändere|stelle) {key} (von|des dienstes|für) {unit} auf {value}',
                    '{key} (von|des dienstes|für) {unit} auf {value} (setzen|ändern|stellen)',
                ],
                ar: ['(اضبط|غير) {key} خدمة {unit} (على|إلى) {value}'],
            },
            parameters: async ({ key = '', value = '', ...of }, asked) => await meant(of, key, value, asked),
        },
        {
            phrases: {
                en: [
                    'limit (memory|ram) [use|usage] of service {unit} to {value}',
                    'limit service {unit} to {value} [of] (memory|ram)',
                ],
                de: [
                    '(speicher|arbeitsspeicher) des dienstes {unit} auf {value} (begrenzen|beschränken)',
                    '(begrenze|beschränke) (speicher|arbeitsspeicher) des dienstes {unit} auf {value}',
                ],
                ar: ['(حدد|قيد) ذاكرة خدمة {unit} (إلى|على) {value}'],
            },
            parameters: async ({ value = '', ...of }, asked) => await meant(of, 'MemoryMax', value, asked),
        },
        {
            phrases: {
                en: [
                    '(always restart|restart) [service] {unit} (when|if|whenever) it (fails|crashes|dies|stops working)',
                    'make [service] {unit} restart (itself|automatically) [when it fails]',
                ],
                de: [
                    '[dienst] {unit} (bei fehlern|bei fehler|nach absturz|nach fehlern) [automatisch] neu starten',
                    'starte [dienst] {unit} (bei fehlern|bei fehler|nach absturz) [automatisch] neu',
                ],
                ar: ['اعد تشغيل [خدمة] {unit} (عند فشل|إذا فشلت|عندما تفشل)'],
            },
            parameters: async (of, asked) => await meant(of, 'Restart', 'on-failure', asked),
        },
    ],
    async plan({ scope, unit: name, key, value }, asked) {
        const service = await requireService(scope, name, asked);
        // A service of the system that no longer starts may leave nobody who could log in and undo it.
        if (scope === 'system' && isEssential(service))
            throw new ReeveError(
                'InvalidState',
                _('{unit} is essential, so Reeve leaves its settings alone', { unit: name }),
            );
        // systemd would not load it any more: service_verify() in its src/core/service.c.
        if (key === 'Restart' && /^(?:always|on-success)$/.test(value) && service.process?.type === 'oneshot')
            throw new ReeveError(
                'InvalidState',
                _('{unit} runs once and ends: systemd restarts it only after a failure', { unit: name }),
            );
        const path = pathOf(scope, name, key);
        const folder = dirname(path);
        const from = await present(scope, path, asked);
        const to = Buffer.from(`# Written by Reeve.\n[${reviewed[key][0]}]\n${key}=${value}\n`);
        if (from?.equals(to) === true) throw new ReeveError('InvalidState', _('The setting already has this value'));
        const title = _('Set {key} of {unit} to {value}', { key, unit: name, value });
        const hasFolder = existsSync(scope === 'system' ? join(asked.machine?.root ?? '/', folder) : folder);
        const removeFolder: UndoStep = {
            description: _('Remove the folder {path} if it is empty', { path: folder }),
            ...programStep(scope, ['rmdir', '--ignore-fail-on-non-empty', '--', folder]),
            undoes: 0,
        };
        const place = hasFolder ? 0 : 1;
        const { step, undo } = await editSteps(
            scope,
            path,
            { from, to, permissions: scope === 'system' ? '0:0 0644' : ownPermissions },
            {
                description: title,
                back: from === null ? _('Remove {path}', { path }) : _('Restore {path}', { path }),
                undoes: place,
            },
            asked.contents,
        );
        return {
            title,
            steps: [...(hasFolder ? [] : [createFolderStep(scope, folder, '755')]), step, reloadStep(scope)],
            risk: 'medium',
            riskText: _('It counts from the next start of {unit} on.', { unit: name }),
            undo: {
                text: _('Sets it back'),
                steps: [undo, ...(hasFolder ? [] : [removeFolder]), { ...reloadStep(scope), undoes: place + 1 }],
            },
            authentication: scope === 'system',
            preconditions: {},
        };
    },
    async verify({ scope, unit: name, key }, asked) {
        const path = pathOf(scope, name, key);
        const { dropInPaths } = await requireService(scope, name, asked);
        if (!dropInPaths.includes(path))
            return { gone: false, detail: _('{unit} does not read {path}', { unit: name, path }) };
        const complaint = await complaintAbout(path, scope, name, asked);
        return { gone: complaint === '', detail: complaint };
    },
});

async function meant(
    of: Readonly<Record<string, string>>,
    said: string,
    value: string,
    asked: Asked,
): Promise<Wanted[]> {
    const key = keys.find(each => each.toLowerCase() === said.toLowerCase().replace(/=$/, ''));
    // What people say has lost its capitals, and a size may have its unit apart.
    const fitting = [value, value.toUpperCase().replaceAll(/\s|I?B$/g, '')].find(
        each => key && reviewed[key][1].test(each),
    );
    if (key === undefined || fitting === undefined) return [];
    return (await unitsMeant(of, asked)).flatMap(found => {
        const { success, data } = parameters.safeParse({ ...found, key, value: fitting });
        return success ? [data] : [];
    });
}

/** @throws ReeveError InvalidState when it has no file of its own, to which a drop-in could add something */
async function requireService(scope: Scope, name: string, { systemd, signal }: Asked) {
    const unit = await requireUnit(systemd, scope, name, signal);
    if (unit.loadState !== 'loaded' || unit.fragmentPath === '' || unit.unitFileState === 'transient')
        throw new ReeveError('InvalidState', _('{unit} has no file that settings could be added to', { unit: name }));
    return unit;
}

/** Where the administrator, or this person, adds to a unit: systemd.unit(5), "Unit File Load Path". */
function pathOf(scope: Scope, name: string, key: Key): string {
    const folder = scope === 'system' ? '/etc/systemd/system' : `${homedir()}/.config/systemd/user`;
    return `${folder}/${name}.d/60-reeve-${key.toLowerCase()}.conf`;
}

/** @throws ReeveError InvalidState when it is nothing that can be replaced */
async function present(scope: Scope, path: string, { machine }: Asked): Promise<Buffer | null> {
    if (scope === 'system') return machine === null ? null : await readBytes(machine, path, limit);
    const held = await heldFile(path);
    if (held === undefined) throw new ReeveError('InvalidState', _('{path} is not a regular file', { path }));
    return held?.contents ?? null;
}

/** What systemd-analyze(1) verify says of the file; it also complains of others. */
async function complaintAbout(path: string, scope: Scope, name: string, { machine, signal }: Asked): Promise<string> {
    const argv = ['verify', '--man=no', ...(scope === 'user' ? ['--user'] : []), name];
    const output = await machine?.run('systemd-analyze', argv, { signal, complaints: true, limit: 65_536 });
    return output?.split('\n').find(line => line.startsWith(path)) ?? '';
}
