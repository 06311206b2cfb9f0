import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { keysOf } from '../../machine/desktop/keyFile.ts';
import { readText } from '../../machine/machine.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { heldFile } from '../files/heldFile.ts';
import { ownPermissions } from '../files/fileStep.ts';
import { createFolderStep } from '../files/folderStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { applicationParameters, applicationsMeant, requireApplication } from './applicationsMeant.ts';

type Asked = Surroundings & { signal: AbortSignal };

/** The user's own entry counts, then that of the system; Desktop Application Autostart Specification. */
const ownPath = (id: string) => join(homedir(), '.config/autostart', `${id}.desktop`);
const sharedPath = (id: string) => `/etc/xdg/autostart/${id}.desktop`;
const touches = ({ id }: { id: string }) => [`autostart ${id}`];

/** Has an application start with the session. */
export const autostartAdd = defineAction({
    name: 'autostart.add',
    parameters: applicationParameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(start|open|launch|run) {application} [automatically] (at|on|with|after|when i) (login|log-in|log in|startup|start)',
                    '(start|open|launch|run) {application} automatically',
                    'add {application} to (autostart|startup|startup applications)',
                ],
                de: [
                    '(starte|öffne) {application} (automatisch|beim anmelden|bei anmeldung|nach anmeldung)',
                    '{application} (automatisch|beim anmelden|bei anmeldung) starten',
                    '{application} zum autostart hinzufügen',
                ],
                ar: ['(شغل|افتح) {application} (تلقائيا|عند دخول|عند بدء)'],
            },
            parameters: applicationsMeant,
        },
    ],
    plan: async ({ id }, asked) => await plan(id, true, asked),
    verify: async ({ id }, asked) => await verify(id, true, asked),
});

/** Has an application no longer start with the session. */
export const autostartRemove = defineAction({
    name: 'autostart.remove',
    parameters: applicationParameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(do not|dont|stop) (start|starting|open|opening|launch|launching|run|running) {application} [automatically] (at|on|with|after|when i) (login|log-in|log in|startup|start) [any more|anymore]',
                    '(do not|dont|stop) (start|starting|open|opening|launch|launching) {application} automatically',
                    'remove {application} from (autostart|startup|startup applications)',
                ],
                de: [
                    '{application} nicht [mehr] (automatisch|beim anmelden|bei anmeldung) starten',
                    '{application} aus autostart entfernen',
                    'entferne {application} aus autostart',
                ],
                ar: ['لا (تشغل|تفتح) {application} (تلقائيا|عند دخول|عند بدء)'],
            },
            parameters: applicationsMeant,
        },
    ],
    plan: async ({ id }, asked) => await plan(id, false, asked),
    verify: async ({ id }, asked) => await verify(id, false, asked),
});

async function plan(id: string, isWanted: boolean, asked: Asked) {
    const { machine, contents } = asked;
    const { name, path } = await requireApplication(id, asked);
    const { own, shared, starts } = await read(id, asked);
    if (starts === isWanted)
        throw new ReeveError(
            'InvalidState',
            isWanted
                ? _('{name} already starts with the session', { name })
                : _('{name} does not start with the session', { name }),
        );
    const entry = (machine === null ? null : await readText(machine, path)) ?? '';
    const hidden = `[Desktop Entry]\nType=Application\nName=${id}\nHidden=true\n`;
    // Without an own entry, that of the system counts again.
    const to = isWanted ? (isStarting(shared) ? null : entry) : shared === null ? null : hidden;
    const title = isWanted
        ? _('Start {name} with the session', { name })
        : _('No longer start {name} with the session', { name });
    const folder = dirname(ownPath(id));
    const needsFolder = to !== null && own === null && !existsSync(folder);
    const { step, undo } = await editSteps(
        'user',
        ownPath(id),
        { from: own, to: to === null ? null : Buffer.from(to), permissions: ownPermissions },
        { description: title, back: _('Restore what starts with the session'), undoes: needsFolder ? 1 : 0 },
        contents,
    );
    return {
        title,
        steps: [...(needsFolder ? [createFolderStep('user', folder, '700')] : []), step],
        risk: 'low' as const,
        riskText: _('This counts from the next log-in on, and only for you.'),
        undo: { text: _('Sets it back'), steps: [undo] },
        authentication: false,
        preconditions: {},
    };
}

async function verify(id: string, isWanted: boolean, asked: Asked) {
    return valueCheck((await read(id, asked)).starts === isWanted);
}

/** @throws ReeveError InvalidState when the own entry is nothing that can be replaced */
async function read(id: string, { machine }: Asked) {
    const held = await heldFile(ownPath(id));
    if (held === undefined)
        throw new ReeveError('InvalidState', _('{path} is not a regular file', { path: ownPath(id) }));
    const own = held?.contents ?? null;
    const shared = machine === null ? null : await readText(machine, sharedPath(id));
    return { own, shared, starts: isStarting(own?.toString('utf8') ?? shared) };
}

/** gnome-session leaves out what its own key switches off: gsm-autostart-app.c. */
function isStarting(entry: string | null): boolean {
    if (entry === null) return false;
    const of = keysOf(entry, 'Desktop Entry');
    return of('Hidden') !== 'true' && of('X-GNOME-Autostart-enabled') !== 'false';
}
