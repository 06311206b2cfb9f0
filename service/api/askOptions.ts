import * as z from 'zod';

import type { AskOptions } from '../assistant/assistant.ts';
import { ReeveError } from '../util/errors.ts';
import { _ } from '../i18n/i18n.ts';
import type { JsonSchema } from '../inference/backend.ts';
import { requestOptions } from './requests.ts';
import { readOptions } from '../dbus/options.ts';
import type { Dictionary } from '../dbus/variant.ts';
import { lazy } from '../util/lazy.ts';

const attachmentSchema = lazy(() =>
    z.object({
        kind: z.enum(['text', 'file', 'selection']),
        name: z.string().max(256).default(''),
        text: z.string().max(65_536).optional(),
        path: z.string().max(4096).optional(),
    }),
);

const askOptions = lazy(() => ({
    schema: requestOptions.schema.extend({
        conversation: z.int().nonnegative().optional(),
        model: z.string().min(1).max(256).optional(),
        incident: z.int().positive().optional(),
        attachments: z.array(attachmentSchema()).max(8).optional(),
        schema: z.string().max(16_384).optional(),
        deadline: z.int().min(1).max(3600).optional(),
    }),
    signatures: {
        ...requestOptions.signatures,
        conversation: 't',
        model: 's',
        incident: 't',
        attachments: 'aa{sv}',
        schema: 's',
        deadline: 'u',
    },
}));

/**
 * The options of Assistant.Ask. Attached files are read here, before anything begins.
 *
 * @throws ReeveError InvalidArgument naming the option; NotFound, NotAuthorized for a file
 */
export async function readAskOptions(
    options: Dictionary,
): Promise<Omit<AskOptions, 'signal' | 'client' | 'actor'> & { token: string | undefined; deadline: number | null }> {
    const {
        handle_token: token,
        conversation,
        deadline,
        schema,
        attachments,
        ...rest
    } = readOptions(options, askOptions());
    const given: Omit<AskOptions, 'signal' | 'client' | 'actor'> = {};
    if (conversation !== undefined) given.conversation = conversation === 0 ? 'new' : conversation;
    if (rest.model !== undefined) given.model = rest.model;
    if (rest.incident !== undefined) given.incident = rest.incident;
    if (schema !== undefined) given.schema = parseSchema(schema);
    if (attachments !== undefined) given.attachments = await Promise.all(attachments.map(readAttachment));
    return { ...given, token, deadline: deadline ?? null };
}

function parseSchema(text: string): JsonSchema {
    try {
        return z.record(z.string(), z.json()).parse(JSON.parse(text));
    } catch (error) {
        throw new ReeveError('InvalidArgument', _('schema: not a JSON Schema'), { cause: error });
    }
}

async function readAttachment({ kind, name, text, path }: z.output<ReturnType<typeof attachmentSchema>>) {
    if (text !== undefined) return { kind, name, text };
    if (kind !== 'file' || path === undefined)
        throw new ReeveError('InvalidArgument', _('attachments: one has neither text nor a file path'));
    // Load the reader only for callers that attach files.
    const { readAttachedFile } = await import('../assistant/tools/attachedFile.ts');
    return { kind, name: name === '' ? path : name, text: await readAttachedFile(path) };
}
