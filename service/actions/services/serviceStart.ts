import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';

import * as z from 'zod';

import { serviceName, type DeclaredService } from '../../config/services.ts';
import { _ } from '../../i18n/i18n.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import type { Step, UndoStep } from '../../model/proposal.ts';
import { ReeveError } from '../../util/errors.ts';
import { defineAction } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import { ownPermissions } from '../files/fileStep.ts';
import { createFolderStep } from '../files/folderStep.ts';
import { heldFile } from '../files/heldFile.ts';
import { programForRoot } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';
import { preconditions, reloadStep, unitStep } from '../units/unitPlan.ts';
import { fileOfService, requireDeclared, servicesMeant, unitOfService } from './declared.ts';

export const serviceParameters = z.strictObject({ service: z.string().regex(serviceName) });

/** What makes units of *.container: podman-systemd.unit(5). */
const quadlet = '/usr/lib/systemd/user-generators/podman-user-generator';

/** Starts a server of models that the user declares, and first writes the unit that the declaration stands for. */
export const serviceStart = defineAction({
    name: 'service.start',
    parameters: serviceParameters,
    proposable: ['task'],
    touches: ({ service }) => [`service ${service}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(start|launch|run) [model|ai|llm|inference] (server|service) [{server}]',
                    '(start|launch|run) {server} [model|ai|llm] [server|service]',
                ],
                de: [
                    '(starte|start|starten) [sie] (server|modellserver|ki-server|dienst) [{server}]',
                    '(starte|start) [sie] {server} [server|modellserver]',
                ],
                ar: ['(شغل|ابدا|تشغيل) خادم [النماذج|نماذج|النموذج] [{server}]'],
            },
            parameters: servicesMeant,
        },
    ],
    async plan({ service: name }, asked) {
        const { systemd, signal } = asked;
        const service = requireDeclared(name, asked);
        const unit = unitOfService(service);
        const present = await systemd.unit('user', unit, { signal });
        if (present !== null && isRunning(present))
            throw new ReeveError('InvalidState', _('{unit} is already running', { unit }));
        if (service.kind === 'unit' && present === null)
            throw new ReeveError('InvalidState', _('There is no unit {unit}', { unit }));
        await requirePrograms(service);
        const written = await writing(service, asked);
        const first = written.steps.length;
        const resets = present?.activeState === 'failed' ? [unitStep('ResetFailedUnit', present)] : [];
        const of = { scope: 'user', name: unit } as const;
        return {
            title: _('Start the model server {name}', { name }),
            steps: [...written.steps, ...resets, unitStep('StartUnit', of)],
            risk: service.kind === 'container' ? ('medium' as const) : ('low' as const),
            riskText:
                service.kind === 'container'
                    ? _('Downloads the image {image} if it is not here yet, and runs it. It answers at {url}.', {
                          image: service.image,
                          url: service.url,
                      })
                    : _('It answers at {url}, and takes memory while it runs.', { url: service.url }),
            undo: {
                text: _('Stops {unit} again', { unit }),
                steps: [{ ...unitStep('StopUnit', of), undoes: first + resets.length }, ...written.undo],
            },
            authentication: false,
            preconditions: present === null ? {} : await preconditions([present]),
        };
    },
    async verify({ service: name }, asked) {
        const unit = unitOfService(requireDeclared(name, asked));
        const present = await asked.systemd.unit('user', unit, asked);
        const gone = present !== null && isRunning(present);
        return { gone, detail: gone ? '' : _('{unit} has failed', { unit }) };
    },
});

/** @throws ReeveError InvalidState when what it takes is not here */
async function requirePrograms(service: DeclaredService): Promise<void> {
    if (service.kind === 'command') {
        const [program = ''] = service.command;
        await access(program, constants.X_OK).catch(() => {
            throw new ReeveError('InvalidState', _('There is no {program} on this machine', { program }));
        });
    }
    if (service.kind !== 'container') return;
    programForRoot(service.engine);
    if (service.engine === 'podman' && !existsSync(quadlet))
        throw new ReeveError('InvalidState', _('This Podman cannot run containers as services: it needs version 4.4'));
}

/** The steps that make the unit what the declaration says; none when it is. */
async function writing(
    service: DeclaredService,
    { contents }: Surroundings,
): Promise<{ steps: Step[]; undo: UndoStep[] }> {
    const file = fileOfService(service);
    if (file === null) return { steps: [], undo: [] };
    const { path, text } = file;
    const held = await heldFile(path);
    if (held === undefined) throw new ReeveError('InvalidState', _('{path} is not a regular file', { path }));
    const from = held?.contents ?? null;
    const to = Buffer.from(text);
    if (from?.equals(to) === true) return { steps: [], undo: [] };
    const folder = dirname(path);
    const folders = existsSync(folder) ? [] : [createFolderStep('user', folder, '700')];
    const { step, undo } = await editSteps(
        'user',
        path,
        { from, to, permissions: ownPermissions },
        {
            description: _('Write the unit of {name}', { name: service.name }),
            back: _('Restore the unit of {name}', { name: service.name }),
            undoes: folders.length,
        },
        contents,
    );
    return {
        steps: [...folders, step, reloadStep('user')],
        undo: [undo, { ...reloadStep('user'), undoes: folders.length + 1 }],
    };
}
