import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { code, item } from '../../markup.ts';
import { describeState } from '../../../faults/unit/texts.ts';
import { ReeveError } from '../../../util/errors.ts';
import type { UnitDetails } from '../../../machine/units/systemd.ts';
import { isUnitName } from '../../../model/unitName.ts';
import { fact } from '../../../machine/evidence.ts';
import { moment } from '../figures.ts';
import type { ToolContext } from '../tool.ts';
import { toldTool } from '../tool.ts';
import { findUnits } from '../../../machine/units/units.ts';

const shown = 12;

export const unitDetails = toldTool({
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
    async find({ unit: name }, context, cite) {
        const details = await find(name, context);
        cite(fact('systemd', details.name, describeState(details)));
        return { ...details, needs: [...details.requires, ...details.requisite, ...details.bindsTo] };
    },
    write(details, out, _values, clock) {
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
        const { needs } = details;
        if (needs.length > 0) out.line(`Needs: ${needs.slice(0, shown).join(', ')}`);
        if (details.triggeredBy.length > 0) out.line(`Started by: ${details.triggeredBy.join(', ')}`);
    },
    *tell({ name, needs, triggeredBy }, format) {
        const unit = code(safeText(name, 255));
        const listOf = (units: readonly string[]) =>
            format.list(units.slice(0, shown).map(each => code(safeText(each, 120))));
        yield needs.length === 0
            ? `${_('{unit} needs no other unit.', { unit })}\n\n`
            : `${_('{unit} needs {units}.', { unit, units: listOf(needs) })}\n\n`;
        if (triggeredBy.length > 0) yield item(_('Started by {units}', { units: listOf(triggeredBy) }));
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
    throw new ReeveError('NotFound', _('No unit is called {name} or similar.', { name: safeText(name, 120) }));
}
