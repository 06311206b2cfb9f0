import { _ } from '../../i18n/i18n.ts';
import type { Application } from '../../machine/desktop/applications.ts';
import { busOf, manager } from '../../machine/units/systemd.ts';
import { defineAction } from '../action.ts';
import { programForRoot, shownWord } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { applicationParameters, applicationsMeant, requireApplication } from './applicationsMeant.ts';

/** Opens an application by its desktop entry. */
export const applicationOpen = defineAction({
    name: 'application.open',
    parameters: applicationParameters,
    touches: () => [],
    wishes: [
        {
            phrases: {
                en: [
                    '(open|launch|start|run|show me) [app|application|program] {application} [app|application|program]',
                ],
                de: ['(öffne|starte|start) [anwendung|programm|app] {application}', '{application} (öffnen|starten)'],
                ar: ['(افتح|شغل|ابدا) [تطبيق|برنامج] {application}'],
            },
            parameters: applicationsMeant,
        },
    ],
    async plan({ id }, { machine, systemd, signal }) {
        const application = await requireApplication(id, { machine });
        const { name } = application;
        const title = _('Open {name}', { name });
        return {
            title,
            steps: [
                application.isActivatable
                    ? { description: title, ...activate(application) }
                    : { description: title, ...launch(await freeUnit(id, { systemd, signal }), application) },
            ],
            risk: 'low',
            riskText: _('It only opens a window. You decide there.'),
            isOpening: true,
            undo: null,
            authentication: false,
            preconditions: {},
        };
    },
});

/**
 * By the bus, as the Desktop Entry Specification has it ("D-Bus Activation"). `gio launch` would only send the message, and often ends
 * before it is on its way.
 */
function activate({ id }: Application) {
    const object = `/${id.replaceAll('.', '/').replaceAll('-', '_')}`;
    return {
        command: ['gapplication', 'launch', id].map(shownWord).join(' '),
        call: {
            bus: busOf.user,
            destination: id,
            path: object,
            interface: 'org.freedesktop.Application',
            member: 'Activate',
            signature: 'a{sv}',
            arguments: [[]],
        },
    };
}

/**
 * In a unit of its own, as the Shell does; gio(1), launch. The unit lives until the last process of the application has ended
 * (ExitType=cgroup of systemd.service(5)).
 */
function launch(unit: string, { name, path }: Application) {
    const program = programForRoot('gio');
    const argv = ['launch', path];
    return {
        command: ['gio', ...argv].map(shownWord).join(' '),
        call: {
            bus: busOf.user,
            ...manager,
            member: 'StartTransientUnit',
            signature: 'ssa(sv)a(sa(sv))',
            arguments: [
                unit,
                'fail',
                [
                    ['Description', { signature: 's', value: name }],
                    ['Type', { signature: 's', value: 'exec' }],
                    ['ExitType', { signature: 's', value: 'cgroup' }],
                    ['Slice', { signature: 's', value: 'app.slice' }],
                    [
                        'ExecStartEx',
                        { signature: 'a(sasas)', value: [[program, [program, ...argv], ['no-env-expand']]] },
                    ],
                    ['CollectMode', { signature: 's', value: 'inactive-or-failed' }],
                ],
                [],
            ],
        },
    };
}

/** app-LAUNCHER-ID@NUMBER.service, as https://systemd.io/DESKTOP_ENVIRONMENTS/ has it; the ID escaped as systemd.unit(5) says. */
async function freeUnit(
    id: string,
    { systemd, signal }: Pick<Surroundings, 'systemd'> & { signal: AbortSignal },
): Promise<string> {
    const escaped = id.replaceAll('-', String.raw`\x2d`);
    const loaded = await systemd.list('user', { patterns: ['app-reeve-*.service'], signal });
    const names = new Set(loaded.map(({ name }) => name));
    for (let number = 1; ; number += 1) {
        const unit = `app-reeve-${escaped}@${number}.service`;
        if (!names.has(unit)) return unit;
    }
}
