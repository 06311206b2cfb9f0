/** org.reevedesktop.Reeve1.Models on the bus. */
import { dirname, isAbsolute } from 'node:path';

import * as z from 'zod';
import type { Callers } from '../approval/callers.ts';
import type { AuditLog } from '../audit/auditLog.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { AcceleratorName } from '../inference/backend.ts';
import { describeComputing, type Computing } from '../inference/computing.ts';
import type { Inference } from '../inference/inference.ts';
import { budget, needOf, type Place } from '../modelFiles/fit.ts';
import { missingGpuPackage } from '../modelFiles/gpuPackage.ts';
import type { Installed } from '../modelFiles/library.ts';
import type { Models, Transfer, Work } from '../modelFiles/models.ts';
import type { Assessment } from '../modelFiles/recommend.ts';
import { roles } from '../modelFiles/role.ts';
import type { Survey } from '../modelFiles/survey.ts';
import type { Status } from '../lifecycle/status.ts';
import type { ExportedObjects } from '../dbus/exportedObjects.ts';
import { modelsTable, type Models as ModelsInterface } from './generated/interfaces.ts';
import { readOptions } from '../dbus/options.ts';
import type { Request } from './request.ts';
import { requestOptions, type Requests } from './requests.ts';
import { variant, type Dictionary } from '../dbus/variant.ts';

const downloadOptions = {
    schema: requestOptions.schema.extend({ even_if_too_large: z.boolean().default(false) }),
    signatures: { ...requestOptions.signatures, even_if_too_large: 'b' },
};
const role = z.enum(roles);
/** PATH_MAX of linux/limits.h. */
const longestPath = 4096;

const keyStates = { none: 0, kept: 1, noKeyring: 2 } as const;
/** Far above any real key; servers accept at most 8 or 16 KiB of headers. */
const longestKey = 4096;

const places: Record<Place, number> = { gpu: 0, split: 1, cpu: 2, none: 3 };
const templates: Record<Installed['facts']['chatTemplate'], number> = { none: 0, plain: 1, tools: 2 };

export function exportModels({
    objects,
    path,
    models,
    inference,
    requests,
    status,
    callers,
    audit,
}: {
    objects: ExportedObjects;
    path: string;
    models: Models;
    inference: Inference;
    requests: Requests;
    status: Status;
    callers: Callers;
    audit: AuditLog;
}): Disposable {
    const record = async (event: string, subject: string, sender: string, detail = '') => {
        audit.append({ event, actor: await callers.identify(sender), subject, detail });
    };
    /** Goes on without its caller: the user may close the window that began a download. */
    const start = (
        sender: string,
        token: string | undefined,
        perform: (work: Work) => Promise<Dictionary>,
    ): Promise<Request> => {
        if (status.isPaused) throw new ReeveError('Paused', _('Reeve is paused'));
        return requests.start(sender, 'change', token, async ({ write, signal }) => {
            const writeLine = (line: string) => {
                write(`${line}\n`);
            };
            return { outcome: 'success', results: await perform({ write: writeLine, signal }) };
        });
    };
    const got = ({ id }: Installed): Dictionary => ({ model: variant('s', id) });
    const computing = () => describeComputing({ models, inference });
    const exported = objects.export<ModelsInterface>(path, modelsTable, {
        properties: () => ({
            version: 1,
            Installed: models.list().map(installedDictionary),
            Quick: models.chosen('quick')?.id ?? '',
            Hard: models.chosen('hard')?.id ?? '',
            Transfers: models.transfers().map(transferDictionary),
            Computing: computingDictionary(computing()),
        }),
        methods: {
            Survey: async () => {
                const survey = await models.survey(new AbortController().signal);
                const missing = await missingGpuPackage(survey.gpus, dirname(import.meta.dirname));
                return { survey: { ...surveyDictionary(survey), missing_package: variant('s', missing) } };
            },
            Catalogue: async () => {
                const assessed = await models.assess(new AbortController().signal);
                const installed = new Set(models.list().map(({ id }) => id));
                return { models: assessed.map(one => assessmentDictionary(one, installed.has(one.entry.id))) };
            },
            Download: async ({ model, options }, { sender }) => {
                const { handle_token: token, even_if_too_large: evenIfTooLarge } = readOptions(
                    options,
                    downloadOptions,
                );
                const get = async (work: Work) => got(await models.download(model, { evenIfTooLarge, work }));
                const { path: request } = await start(sender, token, get);
                await record('model-download-started', model, sender);
                return { request };
            },
            Import: async ({ path: file, options }, { sender }) => {
                const { handle_token: token } = readOptions(options, requestOptions);
                if (!isAbsolute(file) || file.includes('\0') || Buffer.byteLength(file) > longestPath)
                    throw new ReeveError('InvalidArgument', _('path: must be an absolute file path'));
                const get = async (work: Work) => got(await models.import(file, work));
                const { path: request } = await start(sender, token, get);
                await record('model-import-started', file, sender);
                return { request };
            },
            Cancel: ({ model }) => {
                models.cancel(model);
            },
            Remove: async ({ model }, { sender }) => {
                // Else its disk space comes back only when the model leaves memory.
                if (model !== '' && computing().loaded?.id === model) await inference.unload('asked');
                await models.remove(model);
                await record('model-removed', model, sender);
            },
            TryAccelerators: async ({ options }, { sender }) => {
                const { handle_token: token } = readOptions(options, requestOptions);
                const find = async ({ write, signal }: Work) => {
                    await inference.tryAccelerators({ client: sender, signal }, name => {
                        write(tryingText(name));
                    });
                    return { accelerator: variant('s', computing().accelerator ?? '') };
                };
                return { request: (await start(sender, token, find)).path };
            },
            Unload: () => inference.unload('asked'),
            GetServerKey: async () => {
                const isKept = await inference.hasServerKey();
                return { state: isKept === null ? keyStates.noKeyring : isKept ? keyStates.kept : keyStates.none };
            },
            SetServerKey: async ({ key }, { sender }) => {
                if (Buffer.byteLength(key) > longestKey)
                    throw new ReeveError('TooLarge', _('key: must have at most {most} bytes', { most: longestKey }));
                // It becomes an HTTP header: RFC 9110, 5.5.
                if (!/^[\x21-\x7e]*$/.test(key))
                    throw new ReeveError('InvalidArgument', _('key: must be ASCII, without spaces'));
                await inference.setServerKey(key === '' ? null : key);
                await record('server-key-changed', '', sender, key === '' ? 'removed' : 'set');
            },
            Use: async ({ role: wanted, model }, { sender }) => {
                const { data } = role.safeParse(wanted);
                if (data === undefined) throw new ReeveError('InvalidArgument', _('role: must be “quick” or “hard”'));
                await models.use(data, model === '' ? null : model);
                await record('model-chosen', model, sender, data);
            },
        },
    });
    const changed = () => {
        exported.changed();
    };
    models.on('changed', changed);
    inference.on('changed', changed);
    return {
        [Symbol.dispose]: () => {
            models.off('changed', changed);
            inference.off('changed', changed);
            exported[Symbol.dispose]();
        },
    };
}

function installedDictionary({ facts, origin, ...model }: Installed): Dictionary {
    return {
        id: variant('s', model.id),
        name: variant('s', model.name),
        path: variant('s', model.path),
        size: variant('t', model.size),
        sha256: variant('s', model.sha256),
        installed: variant('t', model.installed),
        origin: variant('s', origin.kind === 'hub' ? `${origin.repository}/${origin.file}` : origin.path),
        revision: variant('s', origin.kind === 'hub' ? origin.revision : ''),
        architecture: variant('s', facts.architecture),
        parameters: variant('t', facts.parameters),
        quantisation: variant('s', facts.quantisation),
        licence: variant('s', facts.licence),
        context: variant('u', facts.context ?? 0),
        need: variant('t', Math.ceil(needOf(facts).total)),
        template: variant('u', templates[facts.chatTemplate]),
    };
}

function transferDictionary(transfer: Transfer): Dictionary {
    return {
        id: variant('s', transfer.id),
        name: variant('s', transfer.name),
        kind: variant('u', transfer.kind === 'download' ? 0 : 1),
        received: variant('t', transfer.received),
        total: variant('t', transfer.total),
        step: variant('s', transfer.step),
        running: variant('b', transfer.isRunning),
    };
}

function computingDictionary({ accelerator, device, why, tried, loaded }: Computing): Dictionary {
    const attempts = tried.map(({ name, ...attempt }) => ({
        accelerator: variant('s', name),
        works: variant('b', attempt.works),
        device: variant('s', attempt.device),
        detail: variant('s', attempt.detail),
    }));
    return {
        accelerator: variant('s', accelerator ?? ''),
        device: variant('s', device),
        why: variant('s', why),
        tried: variant('aa{sv}', attempts),
        loaded: variant('s', loaded?.id ?? ''),
        layers: variant('u', loaded?.layers.total ?? 0),
        layers_accelerated: variant('u', loaded?.layers.accelerated ?? 0),
        memory: variant('t', Math.round(loaded?.memory.ram ?? 0)),
        memory_gpu: variant('t', Math.round(loaded?.memory.vram ?? 0)),
        context: variant('u', loaded?.context ?? 0),
        threads: variant('u', loaded?.threads ?? 0),
    };
}

function tryingText(name: AcceleratorName): string {
    if (name === 'cpu') return _('Testing the processor');
    return _('Testing {name}', { name: name === 'cuda' ? 'CUDA' : 'Vulkan' });
}

function surveyDictionary(survey: Survey): Dictionary {
    const { ram, vram } = budget(survey);
    const gpus = survey.gpus.map(gpu => ({
        name: variant('s', gpu.name),
        driver: variant('s', gpu.driver),
        memory: variant('t', gpu.memory ?? 0),
        memory_free: variant('t', gpu.memoryFree ?? 0),
    }));
    return {
        gpus: variant('aa{sv}', gpus),
        memory: variant('t', survey.memory),
        memory_available: variant('t', survey.memoryAvailable),
        cores: variant('u', survey.cores),
        disk: variant('t', survey.disk),
        model_memory: variant('t', Math.floor(ram)),
        model_gpu_memory: variant('t', Math.floor(vram)),
    };
}

function assessmentDictionary({ entry, ...judged }: Assessment, isInstalled: boolean): Dictionary {
    return {
        id: variant('s', entry.id),
        name: variant('s', entry.name),
        family: variant('s', entry.family),
        parameters: variant('d', entry.parameters),
        active_parameters: variant('d', entry.activeParameters),
        quantisation: variant('s', entry.quantisation),
        licence: variant('s', entry.licence),
        repository: variant('s', entry.repository),
        file: variant('s', entry.file),
        revision: variant('s', entry.revision ?? ''),
        size: variant('t', judged.size),
        size_known: variant('b', entry.size !== null),
        sha256: variant('s', entry.sha256 ?? ''),
        context: variant('u', entry.context ?? 0),
        tool_calls: variant('s', entry.toolCalls ?? ''),
        need: variant('t', Math.ceil(judged.need.total)),
        place: variant('u', places[judged.place]),
        has_space: variant('b', judged.hasSpace),
        fast: variant('b', judged.isFast),
        roles: variant('as', judged.roles),
        reason: variant('s', judged.reason),
        installed: variant('b', isInstalled),
    };
}
