import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { describeState } from '../../../faults/unit/texts.ts';
import { ReeveError } from '../../../util/errors.ts';
import type { UnitDetails } from '../../../machine/units/systemd.ts';
import { isUnitName } from '../../../model/unitName.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import type { ToolContext } from '../tool.ts';
import { tool } from '../tool.ts';
import { findUnits } from '../../../machine/units/units.ts';

export const unitDetails = tool({
    name: 'unit_details',
    description: 'Everything about one systemd unit: state, result, exit status, restarts, files, dependencies.',
    parameters: z.object({
        unit: z.string().min(1).max(255).describe('such as ssh.service; a name without suffix is searched for'),
    }),
    asked: {
        phrases: {
            en: ['what does {name} (depend on|require)', '[what are] [the] dependencies of {name}'],
            de: ['wovon hängt {name} ab', 'was braucht {name} zum starten'],
            ar: ['على ماذا يعتمد {name}'],
        },
        named: 'must',
        example: () => _('What does {unit} depend on?', { unit: 'ssh.service' }),
        values: ({ name = '' }) => ({ unit: name }),
    },
    async run({ unit: name }, context, out) {
        const details = await find(name, context);
        const { clock } = context;
        out.cite(fact('systemd', details.name, describeState(details)));
        out.line(`${details.name}${details.scope === 'user' ? ' (of the user)' : ''}: ${details.description}`);
        out.line(`State: ${details.activeState} (${details.subState}), load state ${details.loadState}`);
        if (details.stateChangedAt !== null) out.line(`In this state since ${moment(details.stateChangedAt, clock())}`);
        if (details.loadError !== null) out.line(`Cannot be loaded: ${details.loadError.message}`);
        if (details.unitFileState !== '') out.line(`At boot: ${details.unitFileState}`);
        if (details.result !== null) out.line(`Result of the last run: ${details.result}`);
        const { process } = details;
        if (process !== null) {
            if (process.executable !== null) out.line(`Program: ${process.executable}`);
            out.line(`Restart policy: ${process.restart}; automatic restarts so far: ${process.restarts}`);
            if (process.code !== 0)
                out.line(`The main process ended with code ${process.code}, status ${process.status}`);
            if (process.statusText !== '') out.line(`It says of itself: ${process.statusText}`);
        }
        if (details.fragmentPath !== '') out.line(`File: ${details.fragmentPath}`);
        if (details.sourcePath !== '') out.line(`Made from: ${details.sourcePath}`);
        if (details.dropInPaths.length > 0) out.line(`Drop-ins: ${details.dropInPaths.join(', ')}`);
        if (details.needsReload) out.line('Its files changed after systemd read them (daemon-reload needed).');
        if (details.unmetConditions.length > 0) out.line(`Conditions not met: ${details.unmetConditions.join(', ')}`);
        const needs = [...details.requires, ...details.requisite, ...details.bindsTo];
        if (needs.length > 0) out.line(`Needs: ${needs.slice(0, 12).join(', ')}`);
        if (details.triggeredBy.length > 0) out.line(`Started by: ${details.triggeredBy.join(', ')}`);
    },
});

async function find(name: string, { systemd, signal }: ToolContext): Promise<UnitDetails> {
    const words = name
        .toLowerCase()
        .split(/[^\p{L}\p{N}]+/u)
        .filter(word => word !== '');
    const candidates = isUnitName(name)
        ? (['system', 'user'] as const).map(scope => ({ scope, name }))
        : await findUnits(systemd, words, [name], signal);
    for (const candidate of candidates) {
        if (!systemd.isReachable(candidate.scope)) continue;
        const details = await systemd.unit(candidate.scope, candidate.name, { signal });
        if (details !== null) return details;
    }
    throw new ReeveError('NotFound', `no unit is called ${name} or similar`);
}
