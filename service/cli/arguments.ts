import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';

import { safeText } from '../text/sanitise.ts';
import type { Arguments, Command } from './command.ts';
import { UsageError } from './exit.ts';
import { didYouMean } from './didYouMean.ts';

const help = { type: 'boolean', short: 'h' } as const;

/**
 * Reads the arguments after the name of a command.
 * @returns null when the user asks for the manual instead
 * @throws UsageError
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments | null {
    const options: ParseArgsOptionsConfig = { help };
    for (const [name, { value, short, many }] of Object.entries(command.options)) {
        options[name] = {
            type: value === undefined ? 'boolean' : 'string',
            ...(short === undefined ? {} : { short }),
            ...(many === true ? { multiple: true } : {}),
        };
    }
    const { values, positionals, tokens } = parse(command, options, argv);
    if (values.help === true) return null;
    const valued = tokens.flatMap(token => (token.kind === 'option' && token.value !== undefined ? [token.name] : []));
    // parseArgs() would take the last one and silently drop the others.
    const repeated = valued.find((name, index) => command.options[name]?.many !== true && valued.indexOf(name) < index);
    if (repeated !== undefined) throw new UsageError(`--${repeated} can be given only once`);
    for (const [name, { choices }] of Object.entries(command.options)) {
        for (const value of [values[name] ?? []].flat())
            if (choices !== undefined && !choices.includes(String(value)))
                throw new UsageError(`--${name}: expected one of ${choices.join(', ')}, not “${value}”`);
    }
    checkOperands(command, positionals);
    return { operands: positionals, options: values };
}

function parse(command: Command, options: ParseArgsOptionsConfig, argv: readonly string[]) {
    const args = [...argv];
    // Without `strict` it says what is there, also where that makes no sense.
    const { tokens } = parseArgs({ args, options, allowPositionals: true, strict: false, tokens: true });
    for (const token of tokens) {
        if (token.kind !== 'option') continue;
        const { name, rawName, value, inlineValue } = token;
        // Every object has a "constructor".
        if (!Object.hasOwn(options, name)) throw new UsageError(noOption(command, rawName, Object.keys(options)));
        const wanted = command.options[name]?.value;
        if (wanted === undefined && value !== undefined) throw new UsageError(`${rawName} takes no value`);
        if (wanted !== undefined && value === undefined) throw new UsageError(`${rawName}: ${wanted} is missing`);
        if (value !== undefined && !inlineValue && isOption(value))
            throw new UsageError(misplaced(rawName, value, wanted ?? ''));
        if (value === '') throw new UsageError(`${rawName}: ${wanted ?? ''} is empty`);
    }
    return parseArgs({ args, options, allowPositionals: true, tokens: true });
}

/** As node:util takes it: a minus sign alone stands for standard input. */
function isOption(value: string): boolean {
    return value.startsWith('-') && value !== '-';
}

/** For a value after another option: an option's value must follow it directly. */
function misplaced(option: string, given: string, wanted: string): string {
    const shown = safeText(given, 80);
    return `${option}: “${shown}” is not a value; write ${option} ${wanted}, and other options before or after that`;
}

function noOption({ name }: Command, given: string, known: readonly string[]): string {
    const hint = didYouMean(
        given,
        known.map(each => `--${each}`),
    );
    return `${name} has no option ${safeText(given, 80)}${hint || `; see reeve help ${name}`}`;
}

function checkOperands(command: Command, given: readonly string[]): void {
    const { name, operands } = command;
    const missing = operands.find((operand, index) => operand.optional !== true && (given[index] ?? '') === '');
    if (missing !== undefined) throw new UsageError(`${name}: ${missing.name} is missing`);
    const takesMany = operands.at(-1)?.name.endsWith('…') === true;
    if (!takesMany && given.length > operands.length)
        throw new UsageError(tooMuch(command, given[operands.length] ?? ''));
    for (const [index, { choices }] of operands.entries()) {
        const value = given[index];
        if (choices !== undefined && value !== undefined && !choices.includes(value))
            throw new UsageError(`${name}: expected one of ${choices.join(', ')}, not “${value}”`);
    }
}

/** People easily forget the option before its file. */
function tooMuch({ name, options }: Command, given: string): string {
    const takers = Object.entries(options).filter(([, { path }]) => path !== undefined);
    const hint = takers.length === 0 ? '' : `; to name it use ${takers.map(([option]) => `--${option}`).join(', ')}`;
    return `${name}: unexpected argument “${safeText(given, 80)}”${hint}`;
}
