/** `reeve models`: which are installed, which would fit, and how to get them. */
import { resolve } from 'node:path';

import * as z from 'zod';

import { Format } from '../../i18n/format.ts';
import { variant } from '../../dbus/connection.ts';
import { rootPath } from '../../util/names.ts';
import { _ } from '../../i18n/i18n.ts';
import { localeTag } from '../../i18n/locale.ts';
import type { RequestResult } from '../client.ts';
import type { Arguments, Context, Run } from '../command.ts';
import { CommandError, exit, UsageError, type ExitCode } from '../exit.ts';
import { heading, missingPackageText } from '../describe.ts';
import { onInterrupt } from '../interrupt.ts';
import {
    catalogueModelSchema,
    surveySchema,
    type CatalogueModel,
    type Models,
    type Survey,
    type Transfer,
} from '../objects.ts';
import { readSecret } from '../secretInput.ts';
import { jsonTime } from '../times.ts';

const resultsSchema = z.object({
    model: z.string().default(''),
    error: z.string().optional(),
    message: z.string().optional(),
});

const roleNames = ['quick', 'hard'] as const;

export const run: Run = async (context, args) => {
    const [action = 'list', model] = args.operands;
    if (action === 'list') return list(context);
    if (action === 'recommend') return recommend(context, args);
    if (action === 'survey') return survey(context);
    if (action === 'status') return computing(context);
    if (action === 'probe') return probe(context);
    if (action === 'unload') return unload(context);
    if (action === 'key') return setKey(context);
    if (model === undefined) throw new UsageError(`models ${action}: MODEL is missing`);
    switch (action) {
        case 'download':
            return get(context, 'Models.Download', model, args);
        case 'import':
            return get(context, 'Models.Import', resolve(model), args);
        case 'use':
            return use(context, model, args);
        case 'remove':
            await (await context.client()).call(rootPath, 'Models.Remove', 'sa{sv}', [model, {}], { timeout: 60_000 });
            return done(context, model, _('Removed.'));
        default:
            await (await context.client()).call(rootPath, 'Models.Cancel', 's', [model]);
            return done(context, model, _('Stopped.'));
    }
};

async function list({ terminal, json, client }: Context): Promise<ExitCode> {
    const { installed, quick, hard, transfers } = await (await client()).models();
    const code = installed.length > 0 ? exit.ok : exit.notWell;
    if (json) {
        const models = installed.map(model => ({ ...model, installed: jsonTime(model.installed) }));
        terminal.json({ installed: models, quick, hard, transfers });
        return code;
    }
    const format = new Format(localeTag());
    for (const model of installed) {
        const used = roleNames.filter(role => ({ quick, hard })[role] === model.id).map(roleText);
        const facts = [model.id, format.size(model.size), model.quantisation, model.licence, ...used];
        terminal.line(terminal.style('strong', terminal.plain(model.name, 80)));
        terminal.line(
            `  ${facts
                .filter(Boolean)
                .map(fact => terminal.plain(fact, 80))
                .join(', ')}`,
        );
    }
    for (const transfer of transfers) {
        terminal.line(terminal.style('strong', terminal.plain(transfer.name, 80)));
        terminal.line(`  ${transferText(transfer, format)}`);
    }
    if (installed.length === 0) terminal.line(_('No model is installed. To see what fits: reeve models recommend'));
    return code;
}

async function recommend({ terminal, json, client }: Context, { options }: Arguments): Promise<ExitCode> {
    const reply = await (await client()).call(rootPath, 'Models.Catalogue', 'a{sv}', [{}]);
    const [models] = z.tuple([z.array(catalogueModelSchema)]).parse(reply);
    const fitting = models.filter(({ place, has_space: hasSpace }) => place !== 'none' && hasSpace);
    const code = fitting.length > 0 ? exit.ok : exit.notWell;
    if (json) {
        terminal.json({ models });
        return code;
    }
    const format = new Format(localeTag());
    const write = (model: CatalogueModel) => {
        const facts = [model.id, format.size(model.size), model.licence, ...(model.installed ? [_('installed')] : [])];
        terminal.line(`  ${terminal.style('strong', terminal.plain(model.name, 80))} (${facts.join(', ')})`);
        terminal.line(terminal.style('dim', terminal.wrap(terminal.plain(model.reason), '    ')));
    };
    for (const role of roleNames) {
        const best = models.find(({ roles }) => roles.includes(role));
        if (best === undefined) continue;
        terminal.line(heading(terminal, role === 'quick' ? _('For quick questions') : _('For hard questions')));
        write(best);
        terminal.line();
    }
    const others = (options.all === true ? models : fitting).filter(({ roles }) => roles.length === 0);
    if (others.length > 0) {
        terminal.line(heading(terminal, options.all === true ? _('All others') : _('Other models that fit')));
        for (const model of others.toReversed()) write(model);
    }
    if (fitting.length === 0) terminal.line(_('No model in the catalogue fits this computer.'));
    const missing = missingPackageText(terminal, await readSurvey(client));
    if (missing !== '') terminal.line(`\n${missing}`);
    const best = models.findLast(({ roles }) => roles.length > 0) ?? fitting.at(-1);
    if (best !== undefined) terminal.line(`\n${_('To get one: reeve models download {id}', { id: best.id })}`);
    return code;
}

async function survey({ terminal, json, client }: Context): Promise<ExitCode> {
    const found = await readSurvey(client);
    if (json) {
        terminal.json(found);
        return exit.ok;
    }
    const format = new Format(localeTag());
    const size = (bytes: number) => (bytes === 0 ? _('Graphics: no card that a model could use') : format.size(bytes));
    for (const gpu of found.gpus) {
        const name = terminal.plain([gpu.name, gpu.driver].filter(Boolean).join(', '), 120);
        terminal.line(_('Graphics: {name}, memory {memory}', { name, memory: size(gpu.memory) }));
    }
    if (found.gpus.length === 0) terminal.line(_('Graphics: none that a model could use'));
    terminal.line(_('Memory: {memory}', { memory: size(found.memory) }));
    terminal.line(_('Processor cores: {count}', { count: found.cores }));
    terminal.line(_('Free on the disk: {disk}', { disk: format.size(found.disk) }));
    const most = { memory: format.size(found.model_memory), graphics: format.size(found.model_gpu_memory) };
    terminal.line(_('A model can use up to {memory} of memory and {graphics} of graphics memory.', most));
    const missing = missingPackageText(terminal, found);
    if (missing !== '') terminal.line(missing);
    return exit.ok;
}

async function readSurvey(client: Context['client']): Promise<Survey> {
    const reply = await (await client()).call(rootPath, 'Models.Survey', 'a{sv}', [{}]);
    return z.tuple([surveySchema]).parse(reply)[0];
}

async function computing({ terminal, json, client }: Context): Promise<ExitCode> {
    const { computing: found, installed } = await (await client()).models();
    const code = found.accelerator === '' ? exit.notWell : exit.ok;
    if (json) {
        terminal.json(found);
        return code;
    }
    const format = new Format(localeTag());
    const device = found.device === '' ? '' : ` (${terminal.plain(found.device, 120)})`;
    terminal.line(terminal.style('strong', `${acceleratorText(found.accelerator)}${device}`));
    terminal.line(terminal.wrap(terminal.plain(found.why), '  '));
    for (const { accelerator, works, device: card, detail } of found.tried) {
        const mark = terminal.style(works ? 'good' : 'dim', `[${works ? _('works') : _('not used')}]`);
        const said = [card, detail].filter(part => part !== '').map(part => terminal.plain(part, 400));
        terminal.line(`${mark} ${[acceleratorText(accelerator), ...said].join(': ')}`);
    }
    const loaded = installed.find(({ id }) => id === found.loaded);
    if (loaded === undefined) {
        terminal.line(_('No model is loaded.'));
        return code;
    }
    const { layers_accelerated: some, layers: all } = found;
    const size = format.size(found.memory + found.memory_gpu);
    const share = some === 0 ? '' : `, ${_('{some} of {all} layers on the graphics card', { some, all })}`;
    terminal.line(`${_('{model} is loaded: {size}', { model: terminal.plain(loaded.name, 80), size })}${share}`);
    return code;
}

async function probe(context: Context): Promise<ExitCode> {
    const { terminal, client } = context;
    const service = await client();
    using interrupt = onInterrupt();
    const { outcome, results } = await service.request(
        rootPath,
        'Models.TryAccelerators',
        null,
        {},
        {
            chunk: text => {
                for (const line of text.trimEnd().split('\n')) terminal.note(terminal.plain(line));
            },
            signal: interrupt.signal,
        },
    );
    if (outcome === 'success') return await computing(context);
    if (outcome === 'cancelled') return exit.interrupted;
    const { error = 'Failed', message = '' } = resultsSchema.parse(results);
    throw new CommandError(exit.failed, error.slice(error.lastIndexOf('.') + 1), message);
}

async function unload({ terminal, json, client }: Context): Promise<ExitCode> {
    // Its process must end, and with it the running answer.
    await (await client()).call(rootPath, 'Models.Unload', 'a{sv}', [{}], { timeout: 60_000 });
    if (json) terminal.json({ loaded: '' });
    else terminal.line(_('No model is loaded.'));
    return exit.ok;
}

async function setKey({ terminal, json, client }: Context): Promise<ExitCode> {
    const service = await client();
    // Before the user types anything: whether there is a server at all.
    await service.call(rootPath, 'Models.GetServerKey', 'a{sv}', [{}]);
    const key = await readSecret(_('Server key (leave empty to remove it):'));
    if (key === null && !process.stdin.isTTY) throw new UsageError('no key came through the pipe; nothing was changed');
    if (key === null) return exit.interrupted;
    // The keyring may have to ask for its password.
    await service.call(rootPath, 'Models.SetServerKey', 'sa{sv}', [key, {}], { timeout: 360_000 });
    if (json) terminal.json({ kept: key !== '' });
    else terminal.line(key === '' ? _('No key is stored.') : _('The key is stored in the keyring.'));
    return exit.ok;
}

function acceleratorText(name: string): string {
    const names: Record<string, string> = {
        cuda: 'CUDA',
        vulkan: 'Vulkan',
        cpu: _('Processor'),
        remote: _('A server'),
    };
    return names[name] ?? _('Not known yet');
}

async function get(
    context: Context,
    method: 'Models.Download' | 'Models.Import',
    model: string,
    { options }: Arguments,
): Promise<ExitCode> {
    const evenIfTooLarge = options['even-if-too-large'] === true;
    const acquired = await acquire(context, method, model, { evenIfTooLarge });
    if (context.json) {
        const { outcome, finished } = acquired;
        const { error, message } = finished;
        context.terminal.json({ outcome, model: finished.model, ...(error === undefined ? {} : { error, message }) });
    }
    return conclude(acquired, context, method === 'Models.Download' ? model : null);
}

/** How a download or an import ended. */
export type Acquired = { outcome: RequestResult['outcome']; finished: z.output<typeof resultsSchema> };

/** Downloads or imports a model and shows how far it is. Ctrl+C stops it. */
export async function acquire(
    { terminal, client }: Context,
    method: 'Models.Download' | 'Models.Import',
    model: string,
    { evenIfTooLarge = false }: { evenIfTooLarge?: boolean },
): Promise<Acquired> {
    const service = await client();
    const format = new Format(localeTag());
    using interrupt = onInterrupt();
    await using watch = await service.watchTransfers(([transfer]) => {
        if (transfer?.running === true) terminal.progress(transferText(transfer, format));
    });
    const { outcome, results } = await service.request(
        rootPath,
        method,
        model,
        evenIfTooLarge ? { even_if_too_large: variant('b', true) } : {},
        {
            chunk: text => {
                terminal.progress('');
                for (const line of text.trimEnd().split('\n')) terminal.note(terminal.plain(line));
            },
            signal: interrupt.signal,
        },
    );
    await watch[Symbol.asyncDispose]();
    terminal.progress('');
    return { outcome, finished: resultsSchema.parse(results) };
}

/**
 * Says how it ended.
 *
 * @param download what to resume, for a download
 * @throws CommandError for a failure, unless it is printed as JSON
 */
export function conclude(
    { outcome, finished: { model, error = 'Failed', message = '' } }: Acquired,
    { terminal, json }: Pick<Context, 'terminal' | 'json'>,
    download: string | null,
): ExitCode {
    if (outcome === 'success') {
        if (!json)
            terminal.line(terminal.style('good', _('{model} is installed.', { model: terminal.plain(model, 80) })));
        return exit.ok;
    }
    if (outcome === 'cancelled') {
        if (!json && download !== null)
            terminal.note(
                _('Stopped. To resume: reeve models download {model}', { model: terminal.plain(download, 200) }),
            );
        return exit.interrupted;
    }
    const reason = error.slice(error.lastIndexOf('.') + 1);
    const code = { NotFound: exit.notFound, InvalidArgument: exit.usage }[reason] ?? exit.failed;
    if (json) return code;
    throw new CommandError(code, reason, message);
}

async function use(context: Context, model: string, { options }: Arguments): Promise<ExitCode> {
    const service = await context.client();
    const id = model === 'none' ? '' : model;
    for (const role of roleNames.filter(name => options.for === undefined || options.for === name))
        await service.call(rootPath, 'Models.Use', 'ssa{sv}', [role, id, {}]);
    const { quick, hard, installed } = await service.models();
    if (context.json) context.terminal.json({ quick, hard });
    else for (const role of roleNames) context.terminal.line(choiceText(role, { quick, hard, installed }, context));
    return exit.ok;
}

function choiceText(
    role: (typeof roleNames)[number],
    models: Pick<Models, 'quick' | 'hard' | 'installed'>,
    { terminal }: Context,
): string {
    const chosen = models.installed.find(({ id }) => id === models[role]);
    const name = chosen === undefined ? _('none') : terminal.plain(chosen.name, 80);
    return role === 'quick' ? _('For quick questions: {name}', { name }) : _('For hard questions: {name}', { name });
}

function done({ terminal, json }: Context, model: string, text: string): ExitCode {
    if (json) terminal.json({ model });
    else terminal.line(text);
    return exit.ok;
}

function roleText(role: (typeof roleNames)[number]): string {
    return role === 'quick' ? _('for quick questions') : _('for hard questions');
}

function transferText({ received, total, running, step, kind, id }: Transfer, format: Format): string {
    if (received === 0 && running) return step;
    const amount =
        total === 0
            ? format.size(received)
            : _('{received} of {total}, {percent}', {
                  received: format.size(received),
                  total: format.size(total),
                  percent: format.percent(received / total),
              });
    if (running) return `${step}: ${amount}`;
    return kind === 'download'
        ? _('stopped at {amount}; to resume: reeve models download {id}', { amount, id })
        : _('stopped at {amount}', { amount });
}
