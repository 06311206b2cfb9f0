import { _ } from '../../i18n/i18n.ts';
import { busOf, manager } from '../../machine/units/systemd.ts';
import { defineAction } from '../action.ts';
import { programForRoot, shownWord } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { applicationParameters, applicationsMeant, requireApplication } from './applicationsMeant.ts';

/** Opens an application by its desktop entry, in a unit of its own as the Shell does; gio(1), launch. */
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
        const { name, path } = await requireApplication(id, { machine });
        const title = _('Open {name}', { name });
        return {
            title,
            steps: [
                {
                    description: title,
                    command: ['gio', 'launch', path].map(shownWord).join(' '),
                    call: launch(await freeUnit(id, { systemd, signal }), name, path),
                },
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

/** The unit lives until the last process of the application has ended (ExitType=cgroup of systemd.service(5)). */
function launch(unit: string, name: string, path: string) {
    const program = programForRoot('gio');
    return {
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
                    { signature: 'a(sasas)', value: [[program, [program, 'launch', path], ['no-env-expand']]] },
                ],
                ['CollectMode', { signature: 's', value: 'inactive-or-failed' }],
            ],
            [],
        ],
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
