import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

import * as z from 'zod';

import { canonicalJson, type Json } from '../../service/util/canonicalJson.ts';
import { evalCase, evalState } from './evalCase.ts';
import type { EvalCase, EvalState } from './evalCase.ts';

const folder = (name: string) => new URL(`${name}/`, import.meta.url).pathname;
const parse = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));

/** All cases, by file and then in the order in which they are written. */
export function loadCases(): EvalCase[] {
    return globSync(`${folder('cases')}*.json`)
        .sort()
        .flatMap(file => z.array(evalCase).parse(parse(file)));
}

export function loadStates(): Map<string, EvalState> {
    return new Map(
        globSync(`${folder('states')}*.json`).map(file => [basename(file, '.json'), evalState.parse(parse(file))]),
    );
}

/** What a tool says in a state, and whether it is this state's own and not one that it is based on. */
export function outputOf(
    states: ReadonlyMap<string, EvalState>,
    name: string,
    tool: string,
    values: Json,
): { text: string; isOwn: boolean } | null {
    const exact = `${tool} ${canonicalJson(values)}`;
    const own = states.get(name);
    for (let state = own; state !== undefined; state = states.get(state.base ?? '')) {
        const text = state.outputs[exact] ?? state.outputs[tool];
        if (text !== undefined) return { text, isOwn: state === own };
    }
    return null;
}
