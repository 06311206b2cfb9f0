/** `reeve setup`: what Reeve watches, what is wrong now, and a language model if one is wanted. */
import * as z from 'zod';

import { Format } from '../../i18n/format.ts';
import { _, ngettext } from '../../i18n/i18n.ts';
import { localeTag } from '../../i18n/locale.ts';
import { rootPath } from '../../util/names.ts';
import { ask } from '../asking.ts';
import type { Client } from '../client.ts';
import type { Context, Run } from '../command.ts';
import { heading, incidentLine, missingPackageText, planText } from '../describe.ts';
import { exit, type ExitCode } from '../exit.ts';
import { incidentJson, proposalJson } from '../json.ts';
import {
    catalogueModelSchema,
    checkSchema,
    ownerOf,
    surveySchema,
    type CatalogueModel,
    type Check,
    type Incident,
    type Manager,
    type Models,
    type Proposal,
    type Survey,
} from '../objects.ts';
import { approve } from './change.ts';
import { tryDemo } from './demo.ts';
import { planFor } from './do.ts';
import { acquire, conclude, type Acquired } from './models.ts';
import { writeCheck } from './doctor.ts';

type Access = { readable: boolean; proposal: Proposal | null; refusal: string };
type Health = { incidents: readonly Incident[]; checks: readonly Check[]; access: Access };
type Choice = { survey: Survey; fitting: readonly CatalogueModel[]; models: Models };

export const run: Run = async (context, { options }) => {
    const { terminal, json, client } = context;
    if (options.demo === true) return await tryDemo(context);
    const service = await client();
    const model = typeof options.model === 'string' ? options.model : null;
    const isAsking = terminal.isInteractive && !json && options.yes !== true;
    const manager = await service.manager();
    if (!json) writeWatched(context, manager);
    const health = await examine(service, manager);
    const isWell = health.incidents.length === 0 && health.checks.length === 0 && manager.state !== 'paused';
    if (!json) await showHealth(context, health, isAsking);
    const choice = await survey(service);
    if (json) {
        const got = model === null ? null : await acquire(context, 'Models.Download', model, {});
        terminal.json(document({ manager, health, choice, got }));
        return got === null ? wellness(isWell) : conclude(got, context, null);
    }
    writeChoice(context, choice);
    const chosen = model ?? (isAsking ? await chooseModel(context, choice) : null);
    if (chosen !== null) {
        const code = conclude(await acquire(context, 'Models.Download', chosen, {}), context, chosen);
        if (code !== exit.ok) return code;
    }
    terminal.line(`\n${_('That is all. To see this again: {command}', { command: 'reeve setup' })}`);
    terminal.line(_('To break something harmless and let Reeve fix it: {command}', { command: 'reeve setup --demo' }));
    return wellness(isWell);
};

function wellness(isWell: boolean): ExitCode {
    return isWell ? exit.ok : exit.notWell;
}

function writeWatched({ terminal }: Context, { state, sources, notices }: Manager): void {
    terminal.line(heading(terminal, _('1 of 3: What Reeve watches')));
    const watched = sources.filter(source => source.state === 'watching').length;
    const write = (text: string) => {
        terminal.line(terminal.wrap(text, '  '));
    };
    write(
        _(
            'Reeve reads the log of this computer, and follows its services, files, packages, devices and network, to notice what goes wrong.',
        ),
    );
    write(_('Nothing leaves this computer. To check that: {command}', { command: 'reeve doctor --privacy' }));
    write(_('Nothing is changed until you have seen the change and approved it.'));
    write(
        state === 'paused'
            ? _('Reeve is paused: nothing is watched. To resume: {command}', { command: 'reeve resume' })
            : ngettext('{count} source is watched', '{count} sources are watched', watched),
    );
    // What only says that something is limited is listed with what is wrong.
    if (notices.length > 0) write(_('Something limits Reeve: see below.'));
}

async function examine(service: Client, { state, notices }: Manager): Promise<Health> {
    const [incidents, reply] = await Promise.all([
        service.incidents(),
        service.call(rootPath, 'Manager.Doctor', 'a{sv}', [{}], { timeout: 60_000 }),
    ]);
    const [checks] = z.tuple([z.array(checkSchema)]).parse(reply);
    // Without a remedy there is no log that could be read.
    const readable = notices.every(({ code, remedy }) => code !== 'journal-unreadable' || remedy === '');
    return {
        incidents: incidents.filter(({ isOpen }) => isOpen),
        checks: checks.filter(({ status }) => status === 'problem'),
        access:
            readable || state === 'paused'
                ? { readable, proposal: null, refusal: '' }
                : { readable, ...(await planFor(service, 'account.readLog', _('let me read the system log'))) },
    };
}

async function showHealth(context: Context, { incidents, checks, access }: Health, isAsking: boolean): Promise<void> {
    const { terminal } = context;
    terminal.line(`\n${heading(terminal, _('2 of 3: What is wrong now'))}`);
    for (const incident of incidents) terminal.line(incidentLine(terminal, incident));
    if (incidents.length > 0)
        terminal.line(terminal.wrap(_('To see one and its fixes: {command}', { command: 'reeve show N' }), '  '));
    for (const check of checks) writeCheck(terminal, check);
    if (incidents.length === 0 && checks.length === 0) terminal.line(`  ${_('Reeve knows of no problems.')}`);
    const { proposal, refusal } = access;
    if (refusal !== '') terminal.line(terminal.wrap(terminal.block(refusal), '  '));
    if (proposal === null) return;
    terminal.line();
    const id = ownerOf(proposal);
    if (isAsking) {
        await approve(context, { id, isOpen: true, proposals: [proposal] });
        return;
    }
    terminal.line(planText(terminal, proposal));
    terminal.line(_('To read and apply the plan: reeve fix {id}', { id }));
}

async function survey(service: Client): Promise<Choice> {
    const [found, catalogue, models] = await Promise.all([
        service.call(rootPath, 'Models.Survey', 'a{sv}', [{}]),
        service.call(rootPath, 'Models.Catalogue', 'a{sv}', [{}]),
        service.models(),
    ]);
    const [all] = z.tuple([z.array(catalogueModelSchema)]).parse(catalogue);
    // The best first.
    const fitting = all.filter(({ roles }) => roles.length > 0).toReversed();
    return { survey: z.tuple([surveySchema]).parse(found)[0], fitting, models };
}

function writeChoice({ terminal }: Context, { survey: found, fitting, models }: Choice): void {
    const format = new Format(localeTag());
    const write = (text: string) => {
        terminal.line(terminal.wrap(text, '  '));
    };
    terminal.line(`\n${heading(terminal, _('3 of 3: A language model'))}`);
    write(_('Reeve needs none. With one, it also answers questions that its built-in answers do not know.'));
    const [gpu] = found.gpus;
    const memory = format.size(found.memory);
    const cores = ngettext('{count} processor core', '{count} processor cores', found.cores);
    write(
        gpu === undefined
            ? _('This computer has {memory} of memory and {cores}.', { memory, cores })
            : _('This computer has {memory} of memory, {cores}, and {graphics}.', {
                  ...{ memory, cores },
                  graphics: terminal.plain(gpu.name, 120),
              }),
    );
    const missing = missingPackageText(terminal, found);
    if (missing !== '') write(missing);
    for (const { name } of models.installed) write(_('{model} is installed.', { model: terminal.plain(name, 80) }));
    if (fitting.length === 0) write(_('No model in the catalogue fits this computer.'));
    for (const [index, { name, id, size, reason, fast }] of fitting.entries()) {
        terminal.line(
            `  ${index + 1}. ${terminal.style('strong', terminal.plain(name, 80))} (${id}, ${format.size(size)})`,
        );
        const speed = fast ? ` ${_('It answers about as fast as people read.')}` : '';
        terminal.line(terminal.wrap(`${terminal.plain(reason)}${speed}`, '     '));
    }
}

/** @returns null for none, which is the default */
async function chooseModel({ terminal }: Context, { fitting, models }: Choice): Promise<string | null> {
    if (fitting.length === 0 || models.installed.length > 0) return null;
    const answer = await ask(_('Which one to download? Its number, or nothing for none:'));
    const chosen = /^\d$/.test(answer) ? fitting[Number(answer) - 1] : undefined;
    if (chosen === undefined) terminal.line(_('No model is downloaded.'));
    return chosen?.id ?? null;
}

function document({
    manager: { version, state, sources, notices },
    health: { incidents, checks, access },
    choice: { survey: found, fitting, models },
    got,
}: {
    manager: Manager;
    health: Health;
    choice: Choice;
    got: Acquired | null;
}) {
    const { outcome = 'none', finished } = got ?? {};
    const { error, message } = finished ?? {};
    return {
        watch: { version, state, sources, notices },
        health: {
            incidents: incidents.map(incidentJson),
            checks,
            log_access: {
                readable: access.readable,
                proposal: access.proposal === null ? null : proposalJson(access.proposal),
                refusal: access.refusal,
            },
        },
        model: {
            survey: found,
            recommended: fitting.map(({ id, name, size, reason, fast, roles }) => ({
                id,
                name,
                size,
                reason,
                fast,
                roles,
            })),
            installed: models.installed.map(({ id }) => id),
            outcome,
            ...(error !== undefined && { error, message }),
        },
    };
}
