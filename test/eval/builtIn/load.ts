import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import * as z from 'zod';

import { wishLanguages, type WishLanguage } from '../../../service/actions/wish.ts';

/** One line that a person could write, and what is to become of it. */
export type Line = {
    text: string;
    language: WishLanguage;
    /** Nobody looks at these while the rules are being written, and nothing is learnt from them. */
    isHeldOut: boolean;
    wanted: Wanted;
};
export type Wanted =
    | { kind: 'question'; answers: readonly string[]; named: readonly string[] }
    | {
          kind: 'wish';
          action: readonly string[];
          parameters: Readonly<Record<string, unknown>>;
          named: readonly string[];
      }
    | { kind: 'refusal' };

const texts = z.array(z.string().min(2)).min(1).default([]);
const said = { en: texts, de: texts, ar: texts };
/** Words that the reading must have found in the line, such as a port or a file. */
const named = z.array(z.string()).default([]);
const questions = z.array(z.strictObject({ answers: z.array(z.string()).min(1), named, ...said }));
const wishes = z.array(
    z.strictObject({
        action: z.union([z.string().transform(name => [name]), z.array(z.string()).min(1)]),
        /** Those that the action must be given, beside others. */
        parameters: z.record(z.string(), z.json()).default({}),
        named,
        ...said,
    }),
);

const folder = import.meta.dirname;

/** All lines of questions/, wishes/ and offTopic.yaml, in the order in which they are written, then those of heldOut/. */
export function loadLines(): Line[] {
    const lines = [...linesIn(folder, false), ...linesIn(join(folder, 'heldOut'), true)];
    const texts = lines.map(({ text }) => text);
    const twice = texts.find((text, index) => texts.indexOf(text) !== index);
    if (twice !== undefined) throw new TypeError(`“${twice}” is there twice`);
    return lines;
}

function linesIn(folder: string, isHeldOut: boolean): Line[] {
    const ofGroup = (wanted: Wanted, group: Readonly<Record<WishLanguage, readonly string[]>>): Line[] =>
        wishLanguages.flatMap(language => group[language].map(text => ({ text, language, isHeldOut, wanted })));
    return [
        ...read(join(folder, 'questions/*.yaml'), questions).flatMap(({ answers, named, ...group }) =>
            ofGroup({ kind: 'question', answers, named }, group),
        ),
        ...read(join(folder, 'wishes/*.yaml'), wishes).flatMap(({ action, parameters, named, ...group }) =>
            ofGroup({ kind: 'wish', action, parameters, named }, group),
        ),
        ...read(join(folder, 'offTopic.yaml'), z.strictObject(said)).flatMap(group =>
            ofGroup({ kind: 'refusal' }, group),
        ),
    ];
}

function read<Schema extends z.ZodType>(
    pattern: string,
    schema: Schema,
): z.output<Schema> extends readonly unknown[] ? z.output<Schema> : z.output<Schema>[] {
    const files = globSync(pattern).sort();
    return files.flatMap(file => schema.parse(parse(readFileSync(file, 'utf8')))) as never;
}
